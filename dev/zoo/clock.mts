import type { Clock } from '../../nodes/Ultimo/transport/clock.ts';

const immediate = async () => await new Promise((resolve) => setImmediate(resolve));

/** A stream of numbers from 0 to 1, the same for the same seed. */
export function dice(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

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
