import { Script } from 'node:vm';

import type { Clock } from '../../nodes/Ultimo/transport/gate';

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

const immediate = async () => await new Promise((resolve) => setImmediate(resolve));

/** A clock that jumps from one waiter to the next. */
export class TestClock implements Clock {
	private time = 0;
	private waiters: Array<{ at: number; resolve: () => void }> = [];

	constructor(private readonly chance: () => number = () => 0.5) {}

	now = () => this.time;

	random = () => this.chance();

	sleep = async (ms: number) =>
		await new Promise<void>((resolve) => this.waiters.push({ at: this.time + ms, resolve }));

	/** Lets time pass until the promise is settled. */
	async run<T>(promise: Promise<T>): Promise<T> {
		let settled = false;
		const end = () => (settled = true);
		promise.then(end, end);
		for (await immediate(); !settled; await immediate()) {
			const next = Math.min(...this.waiters.map(({ at }) => at));
			if (next === Infinity) throw new Error('Everything waits, and nothing will ever happen');
			this.time = Math.max(this.time, next);
			const due = this.waiters.filter(({ at }) => at <= this.time);
			this.waiters = this.waiters.filter(({ at }) => at > this.time);
			for (const { resolve } of due) resolve();
		}
		return await promise;
	}
}

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
