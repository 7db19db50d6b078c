import { Script } from 'node:vm';

/**
 * Waits for a promise while fake time, see {@link fakeTime}, runs as fast as the work allows. Under
 * load it may run ahead of the work by some seconds, so a test can ask for "at least" but for no
 * narrow "at most".
 */
export async function fast<T>(promise: Promise<T>): Promise<T> {
	let settled = false;
	const end = () => (settled = true);
	promise.then(end, end);
	while (!settled) {
		// Requests and their answers travel by these, which are left real.
		for (let turn = 0; turn < 20 && !settled; turn++) await immediate();
		await new Promise((resolve) => realTimeout(resolve, 1));
		if (!settled) await jest.advanceTimersByTimeAsync(100);
	}
	return await promise;
}

const realTimeout = setTimeout;

/** Fakes the timers and clocks that n8n and the node wait by, but not those that sockets live by. */
export function fakeTime(): void {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
}

/** Fakes them for all tests of a file. */
export function withFakeTime(): void {
	beforeEach(fakeTime);
	afterEach(() => jest.useRealTimers());
}

/** The next turn of the event loop, which no test fakes. */
export const immediate = async () => await new Promise((resolve) => setImmediate(resolve));

/** Calls `act` after fake milliseconds. */
export function later(ms: number, act: () => void): void {
	setTimeout(act, ms);
}

/**
 * What work gives that never lets go of the processor; it is broken off where its time grows with
 * the square of what it is given, which jest can't do.
 */
export function atOnce<T>(work: () => T): T {
	return new Script('work()').runInNewContext({ work }, { timeout: 3000 }) as T;
}
