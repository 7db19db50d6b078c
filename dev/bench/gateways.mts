import { ensureGateways, GATEWAYS } from '../gateways/gateways.mts';
import { throttled } from '../gateways/throttled.mts';
import { markdown } from '../markdown.mts';
import type { Log } from '../n8n/cache.mts';
import type { N8n } from '../n8n/instance.mts';
import { goalsOf } from './zoo.mts';
import { median, spread, type Section } from './figures.mts';

const WORKS = [
	{ processes: 1, count: 250 },
	{ processes: 3, count: 200 },
];

/** The node's transport, without n8n, through real gateways that throttle. */
export async function gateways(_: N8n, rounds: number, log: Log): Promise<Section> {
	await ensureGateways(log);
	const rows = [];
	const goals = [];
	for (const work of WORKS) {
		const runs = [];
		for (let round = 1; round <= rounds; round++) {
			log(`${work.processes} x ${work.count} through gateways: round ${round} of ${rounds}`);
			runs.push(await Promise.all(GATEWAYS.map(async (one) => await throttled(one, work))));
		}
		for (const [index, { name, kind }] of GATEWAYS.entries()) {
			const own = runs.map((round) => round[index]);
			const times = own.map(({ timesBound }) => timesBound);
			const refused = own.map(({ refusedPart }) => refusedPart);
			const what = `${work.processes} x ${work.count}, ${name}`;
			rows.push({
				Work: what,
				Seconds: spread(own.map(({ seconds }) => seconds)),
				'x bound': spread(times, 2),
				'Refused of sent, %': spread(refused.map((part) => part * 100)),
				'Not cancelled once': Math.max(...own.map(({ wrong }) => wrong)),
			});
			goals.push(...goalsOf(what, kind, work.processes, median(times), median(refused)));
		}
	}
	return { title: 'Real gateways', text: markdown(rows), goals };
}
