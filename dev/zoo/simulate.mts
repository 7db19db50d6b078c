import { Gate, type Clock } from '../../nodes/Ultimo/transport/gate.ts';
import type { Limiter } from './limiters.mts';

/** A stream of numbers from 0 to 1, the same for the same seed. */
export function dice(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
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

export interface Work {
	count: number;
	processes: number;
	latency: number;
	/** most ms that processes start apart */
	apart: number;
	seed: number;
	workers?: number;
	jitter?: number;
}

export async function simulate(create: () => Limiter, work: Work) {
	const random = dice(work.seed);
	const clock = new TestClock(random);
	const limiter = create();
	const j = work.jitter ?? 0.2;
	let sent = 0, refused = 0;
	const log: Array<[number, number, boolean]> = [];
	const one = async (p: number) => {
		await clock.sleep(p === 0 ? 0 : random() * work.apart);
		const gate = new Gate(clock);
		const claim = { key: 'a', limit: 100, giveUpAfterMs: 1e9, since: clock.now() };
		const times: number[] = [];
		let next = 0;
		const worker = async () => {
			while (next < work.count) {
				next++;
				for (;;) {
					const ticket = await gate.enter(claim, 'x', []);
					if (typeof ticket === 'string') throw new Error(ticket);
					sent++;
					const half = () => (work.latency / 2) * (1 - j + 2 * j * random());
					await clock.sleep(half());
					const ok = limiter.accepts(clock.now());
					log.push([clock.now(), p, ok]);
					if (ok) times.push(clock.now());
					await clock.sleep(half());
					if (ok) { gate.accepted(ticket); break; }
					refused++;
					gate.refused(ticket, { outcome: 'refused', message: 'q', advice: '', quota: {} });
				}
			}
		};
		await Promise.all(Array.from({ length: work.workers ?? 10 }, worker));
		return times;
	};
	const done = await clock.run(Promise.all(Array.from({ length: work.processes }, (_, p) => one(p))));
	return { ms: clock.now(), refused: refused / sent, done, log };
}
