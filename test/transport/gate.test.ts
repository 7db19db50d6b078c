import fc from 'fast-check';

import { dice, TestClock } from '../../dev/zoo/clock.mts';
import { Gate, gateOf, MOST_WAITING } from '../../nodes/Ultimo/transport/gate';
import type { Guest, NoEntry, Ticket } from '../../nodes/Ultimo/transport/guest';
import { REQUESTS_PER_WINDOW, WINDOW_MS } from '../../nodes/Ultimo/transport/limits';
import { Stop } from '../../nodes/Ultimo/transport/stop';

const refusal = (message = 'Quota exceeded', retryAfterMs?: number) => ({
	outcome: 'refused' as const,
	message,
	advice: '',
	httpStatus: 429,
	quota: { retryAfterMs },
});

const LOST = { outcome: 'unknown' as const, message: 'No answer', advice: '' };

function guest(gate: Gate, { key = 'a', limit = 100, giveUpAfterMs = 120_000 } = {}): Guest {
	return gate.join({ key, limit }, giveUpAfterMs);
}

/** A slot that is there at once. */
async function slot(gate: Gate, run: Guest, kind = 'Cancel'): Promise<Ticket> {
	const entry = await gate.enter(run, kind, new Stop());
	if (typeof entry === 'string') throw new Error(entry);
	return entry;
}

/** What Ultimo says to a request that arrives now: nothing, or a refusal. */
type Answers = () => ReturnType<typeof refusal> | undefined;

interface Load {
	count: number;
	kind?: string;
	workers?: number;
	latency?: () => number;
}

interface Fate {
	/** When the requests that were accepted were sent. */
	sent: number[];
	refused: number;
	/** How the others ended. */
	left: NoEntry[];
}

/** What transport/request.ts does, without n8n: each worker sends until its share of work is done. */
async function load(gate: Gate, run: Guest, answers: Answers, options: Load): Promise<Fate> {
	const { count, kind = 'Cancel', workers = 10, latency = () => 50 } = options;
	const { clock } = gate;
	const fate: Fate = { sent: [], refused: 0, left: [] };
	let next = 0;
	const one = async (): Promise<void> => {
		for (;;) {
			const ticket = await gate.enter(run, kind, new Stop());
			if (typeof ticket === 'string') return void fate.left.push(ticket);
			const there = latency();
			await clock.sleep(there / 2);
			const no = answers();
			await clock.sleep(there / 2);
			if (!no) {
				gate.exit(ticket);
				return void fate.sent.push(ticket.sentAt);
			}
			fate.refused++;
			gate.exit(ticket, no);
		}
	};
	const worker = async () => {
		while (next++ < count) await one();
	};
	await Promise.all(Array.from({ length: workers }, worker));
	return fate;
}

const anything: Answers = () => undefined;

/** The most that any window held. */
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
						key: fc.constantFrom('a', 'b'),
					}),
					{ minLength: 1, maxLength: 4 },
				),
				fc.infiniteStream(fc.integer({ min: 0, max: 3_000 })),
				async (limit, loads, latencies) => {
					const clock = new TestClock();
					const gate = new Gate(clock);
					const arrived: number[] = [];
					const answers = () => void arrived.push(clock.now());
					const latency = () => latencies.next().value;
					const done = await clock.run(
						Promise.all(
							loads.map(async ({ start, count, workers, key }) => {
								await clock.sleep(start);
								const run = guest(gate, { limit, key });
								return await load(gate, run, answers, { count, workers, latency });
							}),
						),
					);
					expect(busiest(arrived)).toBeLessThanOrEqual(limit);
					expect(done.flatMap(({ sent }) => sent)).toHaveLength(
						loads.reduce((sum, { count }) => sum + count, 0),
					);
				},
			),
			{ numRuns: 60 },
		);
	});

	it('leaves no timer behind for who was sent away', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const waits: number[] = [];
		const { sleep } = clock;
		clock.sleep = async (ms) => {
			waits.push(ms);
			await sleep(ms);
		};
		const run = guest(gate);
		gate.exit(await slot(gate, run), refusal('Of the day', 86_400_000));
		expect(await gate.enter(run, 'Cancel', new Stop())).toBe('stalled');
		expect(waits.filter((ms) => ms > WINDOW_MS)).toEqual([]);
	});

	it('does not count what was never sent', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const run = guest(gate, { limit: 1 });
		const five = async () => {
			for (let i = 0; i < 5; i++) gate.unused(await slot(gate, run));
		};
		await clock.run(five());
		expect(clock.now()).toBeLessThan(WINDOW_MS);
	});
});

it('a customer has one gate', () => {
	const gate = gateOf('https://customer.ultimo.net/acme');
	expect(gateOf('https://customer.ultimo.net/acme')).toBe(gate);
	expect(gateOf('https://other.ultimo.net/acme')).not.toBe(gate);
});

describe('runs of one process', () => {
	it.each([
		{ first: 'a list of 10,000', count: 10_000, refuses: false },
		{ first: 'a list of 10,000 under a throttling Ultimo', count: 10_000, refuses: true },
	])(
		'take turns: a picker beside $first waits for a window at most',
		async ({ count, refuses }) => {
			const clock = new TestClock();
			const gate = new Gate(clock);
			let free = 20;
			let refilledAt = 0;
			const bucket: Answers = () => {
				free = Math.min(20, free + (clock.now() - refilledAt) / 100);
				refilledAt = clock.now();
				if (refuses && free < 1) return refusal();
				free--;
				return undefined;
			};
			void load(gate, guest(gate), bucket, { count });
			const waits: number[] = [];
			const pickers = async () => {
				for (let i = 0; i < 20; i++) {
					await clock.sleep(3_700);
					const run = guest(gate, { giveUpAfterMs: 15_000 });
					const came = clock.now();
					const { sent } = await load(gate, run, bucket, { count: 3, workers: 1 });
					waits.push(sent[2] - came);
				}
			};
			await clock.run(pickers());
			expect(waits).toHaveLength(20);
			expect(Math.max(...waits)).toBeLessThanOrEqual(WINDOW_MS + 1_000);
		},
	);

	it('are first come first served each in itself', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const run = guest(gate, { limit: 7 });
		const order: number[] = [];
		const one = async (index: number) => {
			const ticket = await slot(gate, run);
			order.push(index);
			await clock.sleep(50);
			gate.exit(ticket);
		};
		await clock.run(Promise.all(Array.from({ length: 50 }, async (_, index) => await one(index))));
		expect(order).toEqual([...order].sort((a, b) => a - b));
	});

	it('wait up to a number that is bounded, and are told beyond', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const run = guest(gate, { limit: 1 });
		await slot(gate, run);
		const stop = new Stop();
		const waiting = Array.from(
			{ length: MOST_WAITING },
			async () => await gate.enter(run, 'Cancel', stop),
		);
		expect(await gate.enter(guest(gate, { key: 'other' }), 'Cancel', new Stop())).toBe('full');
		stop.request();
		expect(new Set(await Promise.all(waiting))).toEqual(new Set(['stopped']));
		expect(typeof (await gate.enter(guest(gate, { key: 'other' }), 'Cancel', new Stop()))).toBe(
			'object',
		);
	});
});

describe('credentials of one company', () => {
	it("with a small limit bound themselves only: 200 at limit 100 are over in the company's time", async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const small = load(gate, guest(gate, { key: 'small', limit: 5 }), anything, { count: 20 });
		const { sent } = await clock.run(
			load(gate, guest(gate, { key: 'large' }), anything, { count: 200 }),
		);
		expect(sent).toHaveLength(200);
		// 5 of the first window and 5 of the second are the small one's.
		expect(clock.now()).toBeLessThanOrEqual(2 * WINDOW_MS + 1_000);
		expect(busiest((await clock.run(small)).sent)).toBe(5);
	});

	it('that are garbage with a limit of 1 stall nobody', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		void load(gate, guest(gate, { key: 'garbage', limit: 1 }), anything, { count: 1_000 });
		const { sent } = await clock.run(load(gate, guest(gate), anything, { count: 60 }));
		expect(sent).toHaveLength(60);
		expect(clock.now()).toBeLessThanOrEqual(1_000);
	});

	it('with one key and another limit bound themselves only', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		void load(gate, guest(gate, { limit: 1 }), anything, { count: 1_000 });
		const { sent } = await clock.run(load(gate, guest(gate), anything, { count: 60 }));
		expect(sent).toHaveLength(60);
		expect(clock.now()).toBeLessThanOrEqual(1_000);
	});

	it('share one window where nothing is refused', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const both = await clock.run(
			Promise.all(
				['a', 'b'].map(
					async (key) => await load(gate, guest(gate, { key }), anything, { count: 125 }),
				),
			),
		);
		expect(busiest(both.flatMap(({ sent }) => sent))).toBe(REQUESTS_PER_WINDOW);
	});

	it.each([
		{ told: 'to come back in two hours', retryAfterMs: 7_200_000 },
		{ told: 'no without a word', retryAfterMs: undefined },
	])('of which one is told $told hold up that one only', async ({ retryAfterMs }) => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const out: Answers = () => refusal('A is out', retryAfterMs);
		const told = { a: out, b: anything };
		const [a, b] = await clock.run(
			Promise.all(
				(['a', 'b'] as const).map(
					async (key) => await load(gate, guest(gate, { key }), told[key], { count: 150 }),
				),
			),
		);
		expect(a.left).toHaveLength(150);
		expect(b.sent).toHaveLength(150);
		expect(Math.max(...b.sent)).toBeLessThanOrEqual(2 * WINDOW_MS);
	});

	it('quote only their own answer, and a run only its own', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const [a, late, b] = [guest(gate), guest(gate), guest(gate, { key: 'b' })];
		gate.exit(await slot(gate, a), refusal('A is out'));
		expect(a.stall('Cancel', clock.now()).refusal?.message).toBe('A is out');
		expect(late.stall('Cancel', clock.now()).refusal).toBeUndefined();
		expect(b.stall('Cancel', clock.now()).refusal).toBeUndefined();
	});
});

describe('a refusal', () => {
	it('is followed by single probes, each later than the one before up to 3 s, and one when a window is over', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const asked: number[] = [];
		const answers = () => {
			asked.push(clock.now());
			return refusal();
		};
		const run = guest(gate, { giveUpAfterMs: 60_000 });
		const { left } = await clock.run(load(gate, run, answers, { count: 30, latency: () => 0 }));
		expect(asked.slice(0, 7)).toEqual([0, 0, 1_000, 3_000, 6_000, 9_000, WINDOW_MS]);
		const gaps = asked.slice(7).map((at, index) => at - asked[index + 6]);
		expect(new Set(gaps)).toEqual(new Set([3_000]));
		expect(asked.length).toBeLessThanOrEqual(24);
		expect(left).toEqual(Array(30).fill('stalled'));
		expect(clock.now()).toBeGreaterThanOrEqual(60_000);
		expect(clock.now()).toBeLessThanOrEqual(70_000);
	});

	it('that asks for a longer wait than the caller has ends it at once', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const [short, long] = [
			guest(gate, { limit: 1 }),
			guest(gate, { limit: 1, giveUpAfterMs: 4_000_000 }),
		];
		const ticket = await slot(gate, short);
		const [soon, late] = [
			gate.enter(short, 'Cancel', new Stop()),
			gate.enter(long, 'Cancel', new Stop()),
		];
		gate.exit(ticket, refusal('No', 3_600_000));
		expect(await soon).toBe('stalled');
		expect(short.stall('Cancel', clock.now()).askedMs).toBe(3_600_000);
		expect(await clock.run(late)).toMatchObject({ probe: true, sentAt: 3_600_000 });
	});

	it('that asks for nothing is not told as one that asks, however slow our own pace is', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const run = guest(gate, { limit: 2, giveUpAfterMs: 600_000 });
		// Early enough for a pace, which then gets slower and slower.
		const first = [true, false, true];
		let count = 0;
		const oneOfThree: Answers = () => {
			count++;
			return (first[count - 1] ?? count % 3 === 0) ? undefined : refusal();
		};
		let isOver = false;
		const told = async () => {
			let most = 0;
			for (; !isOver; await clock.sleep(1_000))
				most = Math.max(most, run.stall('Cancel', clock.now()).askedMs);
			return most;
		};
		const work = load(gate, run, oneOfThree, { count: 12 }).finally(() => (isOver = true));
		const [{ sent }, asked] = await clock.run(Promise.all([work, told()]));
		expect(sent).toHaveLength(12);
		expect(asked).toBe(0);
	});

	it('that asks for longer is not shortened by one that does not', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const run = guest(gate);
		const both = [await slot(gate, run), await slot(gate, run)];
		gate.exit(both[0], refusal('No', 3_600_000));
		gate.exit(both[1], refusal());
		expect(await gate.enter(run, 'Cancel', new Stop())).toBe('stalled');
	});

	it('lets all but the one who tries give up when Ultimo stays silent after it', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const run = guest(gate);
		gate.exit(await slot(gate, run), refusal());
		const ends: string[] = [];
		const waiting = Array.from({ length: 50 }, async () => {
			const ticket = await gate.enter(run, 'Cancel', new Stop());
			ends.push(typeof ticket === 'string' ? ticket : 'lost');
			if (typeof ticket === 'string') return;
			await clock.sleep(60_000);
			gate.exit(ticket, LOST);
		});
		await clock.run(Promise.all(waiting));
		expect(ends.filter((end) => end === 'stalled').length).toBeGreaterThanOrEqual(47);
		expect(clock.now()).toBeLessThan(200_000);
	});

	it('of one action for ever ends its wait, beside another action that succeeds', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const run = guest(gate);
		const told = { Cancel: refusal, Get: anything };
		const [cancel, get] = await clock.run(
			Promise.all(
				(['Cancel', 'Get'] as const).map(
					async (kind) => await load(gate, run, told[kind], { count: 300, kind }),
				),
			),
		);
		expect(cancel.left.slice(0, 10)).toEqual(Array(10).fill('stalled'));
		expect(get.sent).toHaveLength(300);
	});

	it('does not hold up a stop', async () => {
		const clock = new TestClock();
		const gate = new Gate(clock);
		const run = guest(gate);
		gate.exit(await slot(gate, run), refusal());
		const user = new AbortController();
		const waiting = gate.enter(run, 'Cancel', Stop.of(user.signal));
		user.abort();
		expect(await waiting).toBe('stopped');
		expect(await gate.enter(run, 'Cancel', Stop.of(user.signal))).toBe('stopped');
	});

	it("does not hold up a halt, nor the user's stop of what would halt", async () => {
		const gate = new Gate(new TestClock());
		const run = guest(gate);
		gate.exit(await slot(gate, run), refusal());
		const stop = new Stop();
		const halts = [new Stop(stop), new Stop(stop)];
		const [halted, alone, last] = [...halts, stop].map(
			async (one) => await gate.enter(run, 'Cancel', one),
		);
		halts[0].request();
		expect(await halted).toBe('stopped');
		expect([stop.requested, halts[1].requested]).toEqual([false, false]);
		stop.request();
		expect(await Promise.all([alone, last])).toEqual(['stopped', 'stopped']);
		expect(await gate.enter(run, 'Cancel', halts[1])).toBe('stopped');
	});
});

it('after a rest, a burst where none was accepted before begins with care', async () => {
	const clock = new TestClock(dice(1));
	const gate = new Gate(clock);
	let last = -Infinity;
	const answers: Answers = () => {
		if (clock.now() - last < 100) return refusal();
		last = clock.now();
		return undefined;
	};
	const refused: number[] = [];
	for (let list = 0; list < 10; list++) {
		refused.push((await clock.run(load(gate, guest(gate), answers, { count: 20 }))).refused);
		await clock.run(clock.sleep(30_000));
	}
	expect(Math.max(...refused.slice(1))).toBeLessThanOrEqual(4);
});

it('what was learned of a company is forgotten when it stops being true', async () => {
	const random = dice(1);
	const clock = new TestClock(random);
	const gate = new Gate(clock);
	let strict = true;
	let last = -Infinity;
	const answers: Answers = () => {
		if (strict && clock.now() - last < 100) return refusal();
		last = clock.now();
		return undefined;
	};
	await clock.run(load(gate, guest(gate), answers, { count: 100 }));
	expect(clock.now()).toBeGreaterThanOrEqual(9_900);
	strict = false;
	await clock.run(clock.sleep(60_000));
	const start = clock.now();
	await clock.run(load(gate, guest(gate), answers, { count: 100 }));
	expect(clock.now() - start).toBeLessThanOrEqual(2_000);
});
