import { KINDS, type Kind } from '../../dev/zoo/limiters.mts';
import { simulate, type Outcome, type Work } from '../../dev/zoo/simulate.mts';

const SEEDS = [1, 2, 3];

/** The same work with other phases of the limiter and other chances. */
async function several(kind: Kind, refusedCount: boolean, work: Omit<Work, 'seed'>) {
	const outcomes: Outcome[] = [];
	for (const seed of SEEDS) {
		const limiter = kind.create(refusedCount, (seed / SEEDS.length) * 10_000);
		outcomes.push(await simulate(limiter, { ...work, seed }));
	}
	return outcomes;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

const kinds = KINDS.flatMap((kind) =>
	[false, true].map((refusedCount) => ({
		kind,
		refusedCount,
		name: `${kind.name}${refusedCount ? ', where refused requests count' : ''}`,
	})),
);

describe.each(kinds)('under a $name', ({ kind, refusedCount }) => {
	/** How much longer than its bound, at the most, and how much of what was sent may be refused. */
	const slow = kind.name.startsWith('spacing');

	it.each([10, 50, 200, 500])('250 requests of one process, %d ms', async (latency) => {
		const work = { processes: 1, count: 250, latency };
		const outcomes = await several(kind, refusedCount, work);
		for (const { processes, refused, sent } of outcomes) {
			expect(processes[0].accepted).toHaveLength(250);
			expect(refused / sent).toBeLessThanOrEqual(!kind.trickles ? 0 : refusedCount ? 0.24 : 0.15);
		}
		const bound = kind.bound(250) + 25 * latency;
		const most = slow ? 2 : kind.name === 'bucket of 100' ? 1.4 : refusedCount ? 1.2 : 1.15;
		expect(median(outcomes.map(({ ms }) => ms)) / bound).toBeLessThanOrEqual(most);
	});

	it.each([
		{ processes: 2, latency: 100, apart: 15_000 },
		{ processes: 3, latency: 50, apart: 200 },
		{ processes: 5, latency: 200, apart: 5_000 },
	])('$processes processes, $latency ms, $apart ms apart', async (work) => {
		const outcomes = await several(kind, refusedCount, { ...work, count: 200 });
		for (const { processes, ms } of outcomes) {
			for (const { accepted, startedAt } of processes) {
				expect(accepted).toHaveLength(200);
				// Within the patience of Give Up After, two minutes.
				const waits = accepted.map((at, index) => at - (accepted[index - 1] ?? startedAt));
				expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
			}
			expect(ms).toBeLessThanOrEqual((slow ? 4 : 1.6) * kind.bound(200 * work.processes));
		}
		const parts = outcomes.map(({ refused, sent }) => refused / sent);
		expect(median(parts)).toBeLessThanOrEqual(slow ? 0.4 : refusedCount ? 0.31 : 0.23);
	});
});

it.each([100, 300])(
	'three processes that begin within %d ms share each window, however fast the answers are',
	async (apart) => {
		const [kind] = KINDS;
		for (const outcome of await several(kind, false, {
			processes: 3,
			count: 200,
			latency: 2,
			apart,
		})) {
			expect(outcome.ms).toBeLessThanOrEqual(1.05 * kind.bound(600));
			expect(outcome.refused / outcome.sent).toBeLessThanOrEqual(0.05);
			for (const { accepted } of outcome.processes) {
				expect(accepted).toHaveLength(200);
				expect(accepted[49]).toBeLessThanOrEqual(22_000);
			}
		}
	},
);

it.each([
	{ limit: Infinity, msARequest: 20, count: 1_000 },
	{ limit: 1_000, msARequest: 100, count: 250 },
	{ limit: 100_000, msARequest: 100, count: 250 },
])(
	'a limit of $limit does not hide what a gateway accepts',
	async ({ limit, msARequest, count }) => {
		let [tokens, at] = [20, 0];
		const accepts = (now: number) => {
			[tokens, at] = [Math.min(20, tokens + (now - at) / msARequest), now];
			return tokens >= 1 && tokens-- > 0;
		};
		const work = { processes: 1, count, latency: 50, limit, seed: 1 };
		const { ms, refused } = await simulate({ accepts }, work);
		expect(ms / ((count - 20) * msARequest)).toBeLessThanOrEqual(1.7);
		expect(refused / count).toBeLessThanOrEqual(0.1);
	},
);

const atOnce = KINDS.filter(({ name }) => name === 'sliding log' || name === 'fixed window');
const lateUnder = atOnce.flatMap((kind) =>
	[600, 1_200].map((apart) => ({ kind, name: kind.name, apart })),
);

it.each(lateUnder)(
	'under a $name whoever starts up to $apart ms late has 50 done by 2.2 windows',
	async ({ kind, apart }) => {
		const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
		const slowest = seeds.map(async (seed) => {
			const limiter = kind.create(false, (seed / seeds.length) * 10_000);
			const work = { processes: 3, count: 200, latency: 5, apart, seed };
			const { processes } = await simulate(limiter, work);
			return Math.max(...processes.map(({ accepted, startedAt }) => accepted[49] - startedAt));
		});
		const inTime = (await Promise.all(slowest)).filter((ms) => ms <= 22_000);
		expect(inTime.length).toBeGreaterThanOrEqual(9);
	},
);
