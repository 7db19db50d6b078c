import fc from 'fast-check';

import { Gate } from '../../nodes/Ultimo/transport/gate';
import { WINDOW_MS } from '../../nodes/Ultimo/transport/limits';
import { Stop } from '../../nodes/Ultimo/transport/stop';
import { TestClock } from '../support/time.mts';

const refusal = (retryAfterMs?: number) => ({
	outcome: 'refused' as const,
	message: 'Quota exceeded',
	advice: '',
	httpStatus: 429,
	quota: { retryAfterMs },
});

/** A server that counts accepted requests in a window that slides, or starts anew every 10 s. */
class Server {
	readonly accepted: Array<{ at: number; by: string }> = [];
	refusals = 0;

	constructor(
		private readonly clock: TestClock,
		private readonly limit: number,
		private readonly kind: 'sliding' | 'fixed',
	) {}

	accepts(by: string): boolean {
		const now = this.clock.now();
		const start = this.kind === 'sliding' ? now - WINDOW_MS : now - (now % WINDOW_MS) - 1e-9;
		const used = this.accepted.filter(({ at }) => at > start).length;
		if (used >= this.limit) this.refusals++;
		else this.accepted.push({ at: now, by });
		return used < this.limit;
	}
}

const patient = (limit = 100, key = 'a') => ({
	key,
	limit,
	giveUpAfterMs: 120_000,
	since: 0,
	stops: [],
});

interface Load {
	gate: Gate;
	name: string;
	count: number;
	limit: number;
	workers?: number;
	latency?: () => number;
	giveUpAfterMs?: number;
	order?: number[];
}

/** A stream of numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

/** What transport/request.ts does, without n8n: each worker sends until its share of work is done. */
async function load(clock: TestClock, server: Server, options: Load): Promise<number[]> {
	const { gate, name, count, limit, workers = 10, latency = () => 50 } = options;
	const times: number[] = [];
	const claim = {
		...patient(limit),
		giveUpAfterMs: options.giveUpAfterMs ?? 120_000,
		since: clock.now(),
	};
	let next = 0;
	const work = async () => {
		while (next < count) {
			const job = next++;
			for (;;) {
				const ticket = await gate.enter(claim);
				if (typeof ticket === 'string') return;
				options.order?.push(job);
				const there = latency();
				await clock.sleep(there / 2);
				const accepted = server.accepts(name);
				await clock.sleep(there / 2);
				if (accepted) {
					gate.accepted(ticket, claim);
					times.push(clock.now());
					break;
				}
				gate.refused(ticket, claim, refusal());
			}
		}
	};
	await Promise.all(Array.from({ length: workers }, work));
	return times;
}

/** The most that any 10 seconds held. */
function busiest(times: number[]): number {
	return Math.max(...times.map((t) => times.filter((u) => u >= t && u < t + WINDOW_MS).length));
}

describe('the quota', () => {
	it('is never exceeded, whatever arrives when, and everything is done', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 30 }),
				fc.array(
					fc.record({
						start: fc.integer({ min: 0, max: 25_000 }),
						count: fc.integer({ min: 1, max: 40 }),
						workers: fc.integer({ min: 1, max: 12 }),
					}),
					{ minLength: 1, maxLength: 4 },
				),
				fc.infiniteStream(fc.integer({ min: 0, max: 3_000 })),
				async (limit, loads, latencies) => {
					const clock = new TestClock();
					const server = new Server(clock, Infinity, 'sliding');
					const gate = new Gate(clock);
					const latency = () => latencies.next().value;
					const done = await clock.run(
						Promise.all(
							loads.map(async ({ start, count, workers }, index) => {
								await clock.sleep(start);
								return await load(clock, server, {
									gate,
									name: String(index),
									count,
									limit,
									workers,
									latency,
								});
							}),
						),
					);
					const times = server.accepted.map(({ at }) => at);
					expect(busiest(times)).toBeLessThanOrEqual(limit);
					expect(done.flat()).toHaveLength(loads.reduce((sum, { count }) => sum + count, 0));
				},
			),
			{ numRuns: 60 },
		);
	});

	it.each([
		{ latency: 0, bound: 20_000 },
		{ latency: 200, bound: 22_000 },
	])(
		'uses a burst at once: 250 at 100 per 10 s, $latency ms latency',
		async ({ latency, bound }) => {
			const clock = new TestClock();
			const server = new Server(clock, 100, 'sliding');
			const gate = new Gate(clock);
			await clock.run(
				load(clock, server, { gate, name: 'a', count: 250, limit: 100, latency: () => latency }),
			);
			expect(clock.now()).toBeLessThanOrEqual(bound);
			expect(server.refusals).toBe(0);
		},
	);

	it('serves first come first served', async () => {
		const clock = new TestClock();
		const server = new Server(clock, 100, 'sliding');
		const order: number[] = [];
		const gate = new Gate(clock);
		await clock.run(
			load(clock, server, { gate, name: 'a', count: 50, limit: 7, workers: 20, order }),
		);
		expect(order).toEqual([...order].sort((a, b) => a - b));
	});

	it('does not count what was never sent', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		for (let i = 0; i < 5; i++) {
			const ticket = await gate.enter(patient(1));
			expect(typeof ticket).toBe('object');
			gate.unused(ticket as never);
		}
	});
});

describe('a quota shared by processes that do not know of each other', () => {
	it.each(['sliding', 'fixed'] as const)('is used up and shared out, %s window', async (kind) => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
				const random = seeded(seed);
				const clock = new TestClock(random);
				const server = new Server(clock, 100, kind);
				const done = await clock.run(
					Promise.all(
						['a', 'b', 'c'].map((name) =>
							load(clock, server, {
								gate: new Gate(clock),
								name,
								count: 200,
								limit: 100,
								latency: () => 20 + 60 * random(),
							}),
						),
					),
				);
				expect(done.map((times) => times.length)).toEqual([200, 200, 200]);
				expect(clock.now()).toBeLessThanOrEqual(57_000);
				// Nobody starves: each has done its first quarter when half of the time is over.
				for (const times of done) expect(times[49]).toBeLessThanOrEqual(28_000);
			}),
			{ numRuns: 25 },
		);
	});

	it('is used up by processes that start apart and meet a fast Ultimo', async () => {
		const ends: number[] = [];
		for (let seed = 1; seed <= 30; seed++) {
			const random = seeded(seed);
			const clock = new TestClock(random);
			const server = new Server(clock, 100, seed % 2 ? 'sliding' : 'fixed');
			const done = await clock.run(
				Promise.all(
					[0, 11_000 * random(), 11_000 * random()].map(async (start, index) => {
						await clock.sleep(start);
						return await load(clock, server, {
							gate: new Gate(clock),
							name: String(index),
							count: 200,
							limit: 100,
							latency: () => 2 + 8 * random(),
						});
					}),
				),
			);
			expect(done.map((times) => times.length)).toEqual([200, 200, 200]);
			ends.push(clock.now());
		}
		ends.sort((a, b) => a - b);
		// The bound is 50 s. Unlucky probes cost a window at the most.
		expect(ends[15]).toBeLessThanOrEqual(57_000);
		expect(ends[29]).toBeLessThanOrEqual(68_000);
	});

	it('gives a late comer its share', async () => {
		const clock = new TestClock(Math.random);
		const server = new Server(clock, 100, 'sliding');
		const start = (name: string, count: number) =>
			load(clock, server, { gate: new Gate(clock), name, count, limit: 100 });
		const late = async () => {
			await clock.sleep(25_000);
			return await start('late', 100);
		};
		const [, , times] = await clock.run(Promise.all([start('a', 600), start('b', 600), late()]));
		expect(times).toHaveLength(100);
		// The patience of Give Up After (120 s) must suffice for the first one by far.
		expect(times[0]).toBeLessThanOrEqual(25_000 + 80_000);
	});
});

describe('a refusal', () => {
	it('makes everything wait, then one request probes, then all go on', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const inFlight = await Promise.all([1, 2, 3, 4].map(() => gate.enter(patient())));
		gate.refused(inFlight[0] as never, patient(), refusal());
		for (const ticket of inFlight.slice(1)) gate.accepted(ticket as never, patient());
		const entered: number[] = [];
		const waiting = [4, 5, 6].map(async () => {
			const ticket = await gate.enter(patient());
			entered.push(clock.now());
			await clock.sleep(500);
			gate.accepted(ticket as never, patient());
		});
		await clock.run(Promise.all(waiting));
		expect(entered).toEqual([10_100, 10_600, 10_600]);
	});

	it('ends the wait as stalled only when nothing was accepted for so long', async () => {
		const clock = new TestClock();
		const server = new Server(clock, 0, 'sliding');
		const done = await clock.run(
			load(clock, server, {
				gate: new Gate(clock),
				name: 'a',
				count: 30,
				limit: 100,
				giveUpAfterMs: 60_000,
			}),
		);
		expect(done).toEqual([]);
		expect(clock.now()).toBeGreaterThanOrEqual(60_000);
		expect(clock.now()).toBeLessThanOrEqual(72_000);
	});

	it('that asks for a longer wait than the caller has ends it at once', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const ticket = await gate.enter(patient());
		const [short, long] = [
			gate.enter(patient(1)),
			gate.enter({ ...patient(1), giveUpAfterMs: 4_000_000 }),
		];
		gate.refused(ticket as never, patient(), refusal(3_600_000));
		expect(await short).toBe('stalled');
		expect(gate.askedToWait()).toBeGreaterThanOrEqual(3_600_000);
		expect(await clock.run(long)).toEqual({ probe: true });
	});

	it('that asks for longer is not shortened by one that does not', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const both = await Promise.all([gate.enter(patient()), gate.enter(patient())]);
		gate.refused(both[0] as never, patient(), refusal(3_600_000));
		gate.refused(both[1] as never, patient(), refusal());
		expect(await gate.enter(patient())).toBe('stalled');
	});

	it('lets all but the one who tries give up when Ultimo stays silent after it', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		gate.refused((await gate.enter(patient())) as never, patient(), refusal());
		const ends: string[] = [];
		const waiting = Array.from({ length: 50 }, async () => {
			const ticket = await gate.enter(patient());
			ends.push(typeof ticket === 'string' ? ticket : 'lost');
			if (typeof ticket === 'string') return;
			await clock.sleep(60_000);
			gate.lost(ticket);
		});
		await clock.run(Promise.all(waiting));
		expect(ends.filter((end) => end === 'stalled')).toHaveLength(47);
		expect(clock.now()).toBeLessThan(200_000);
	});

	it('of one API key, whose day is used up, ends the wait of its owner only', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		let end = '';
		const exhausted = async () => {
			for (;;) {
				const ticket = await gate.enter(patient(100, 'exhausted'));
				if (typeof ticket === 'string') return (end = ticket);
				await clock.sleep(50);
				gate.refused(ticket, patient(100, 'exhausted'), refusal());
			}
		};
		const server = new Server(clock, Infinity, 'sliding');
		const other = load(clock, server, { gate, name: 'other', count: 2000, limit: 100 });
		const [, times] = await clock.run(Promise.all([exhausted(), other]));
		expect(end).toBe('stalled');
		expect(times).toHaveLength(2000);
	});

	it('does not hold up a stop', async () => {
		const gate = new Gate(new TestClock());
		gate.refused((await gate.enter(patient())) as never, patient(), refusal());
		const stop = new AbortController();
		const waiting = gate.enter({ ...patient(), stops: [Stop.of(stop.signal)] });
		stop.abort();
		expect(await waiting).toBe('stopped');
		expect(await gate.enter({ ...patient(), stops: [Stop.of(stop.signal)] })).toBe('stopped');
	});
});
