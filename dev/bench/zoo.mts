import { markdown } from '../markdown.mts';
import type { Log } from '../n8n/cache.mts';
import type { N8n } from '../n8n/instance.mts';
import { REQUESTS_AT_ONCE } from '../../nodes/Ultimo/transport/limits.ts';
import { KINDS, type Kind } from '../zoo/limiters.mts';
import { simulate, type Work } from '../zoo/simulate.mts';
import { median, spread, type Goal, type Section } from './figures.mts';

const WINDOW_S = 10;
const WORKS: Array<Omit<Work, 'seed'>> = [
	...[10, 50, 200, 500].map((latency) => ({ processes: 1, count: 250, latency })),
	...[10, 50, 200].map((latency) => ({ processes: 3, count: 200, latency, apart: 200 })),
	{ processes: 3, count: 200, latency: 50, apart: 11_000 },
	{ processes: 5, count: 200, latency: 50, apart: 200 },
];
/** The latency that goals are for: that of an Ultimo not far away. */
const USUAL_MS = 50;

const ABOUT = `In virtual time, with the gate of the node: latency half each way, 20% more or less, ${REQUESTS_AT_ONCE}
requests at a time, the limiter's window at phases evenly apart. A bound is the least time for one
who can't know the phase. "Late" are processes that start up to 11 s after the first; "50 done" is
when the slowest process had so many.`;

/** What this package is to reach under such a limiter. */
export function goalsOf(
	what: string,
	kind: Kind,
	processes: number,
	times: number,
	refused: number,
): Goal[] {
	const alone = kind.name === 'bucket of 100' ? 1.4 : kind.trickles ? 1.15 : 1.02;
	const shared = kind.trickles ? 1.25 : 1.05;
	const goal = processes === 1 ? alone : shared;
	return [
		{ what: `${what}: time against the bound, median`, value: times, goal, unit: 'x' },
		{ what: `${what}: refused of sent, median`, value: refused * 100, goal: 15, unit: '%' },
	];
}

/** The gate under every kind of limiter, also where refused requests count. */
export async function zoo(_: N8n, rounds: number, log: Log): Promise<Section> {
	const rows = [];
	const goals: Goal[] = [];
	for (const work of WORKS) {
		const { processes, count, latency, apart = 0 } = work;
		log(`Limiters in virtual time: ${processes} x ${count}, ${latency} ms`);
		for (const kind of KINDS)
			for (const refusedCount of [false, true]) {
				const all = [];
				for (let seed = 1; seed <= rounds; seed++) {
					const limiter = kind.create(refusedCount, (seed / rounds) * WINDOW_S * 1000);
					all.push(await simulate(limiter, { ...work, seed }));
				}
				const times = all.map(({ ms }) => ms / kind.bound(processes * count));
				const refused = all.map((one) => one.refused / one.sent);
				const slowest = all.map((one) =>
					Math.max(...one.processes.map(({ accepted, startedAt }) => accepted[49] - startedAt)),
				);
				const fifty = median(slowest) / 1000 / WINDOW_S;
				rows.push({
					Work: `${processes} x ${count}, ${latency} ms${apart > 1_000 ? ', late' : ''}`,
					Limiter: `${kind.name}${refusedCount ? ', refused count' : ''}`,
					'x bound': spread(times, 2),
					'Refused of sent, %': spread(refused.map((part) => part * 100)),
					'50 done, windows': fifty.toFixed(1),
				});
				if (latency !== USUAL_MS || refusedCount || apart > 1_000 || processes > 3) continue;
				const what = `Simulated ${processes} x ${count}, ${kind.name}`;
				goals.push(...goalsOf(what, kind, processes, median(times), median(refused)));
				if (processes > 1 && !kind.trickles)
					goals.push({ what: `${what}: windows until 50 done`, value: fifty, goal: 2.2, unit: '' });
			}
	}
	return { title: 'Every kind of limiter', text: `${ABOUT}\n\n${markdown(rows)}`, goals };
}
