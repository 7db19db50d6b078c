import { idsFrom, type Bed, type Run } from '../bed.mts';
import { markdown } from '../markdown.mts';
import { spread, median, type Section } from './figures.mts';
import { cancelByHttp, BATCHED_BY_HAND, ourCancel } from './contenders.mts';
import type { Node } from '../n8n/workflow.mts';
import type { Log } from '../n8n/cache.mts';

const COUNT = 250;
const LIMIT = 100;
/** The third hundred can't begin before two windows are over. */
const BOUND_S = 20;
const GOALS = new Map([
	[0, 1.02],
	[200, 1.05],
]);

type Count = 'cancelled' | 'refused' | 'unrecorded';
const counts = (runs: Run[], what: Count) =>
	spread(
		runs.map((run) => run[what]),
		0,
	);
const timesBound = (runs: Run[]) => median(runs.map(({ nodeMs }) => nodeMs)) / 1000 / BOUND_S;

const row = (Contender: string, runs: Run[]) => ({
	Contender,
	Runs: runs.length,
	'Node, s': spread(runs.map(({ nodeMs }) => nodeMs / 1000)),
	'x bound': timesBound(runs).toFixed(3),
	'Cancelled of 250': counts(runs, 'cancelled'),
	'Refused (429)': counts(runs, 'refused'),
	'Cancelled, no record': counts(runs, 'unrecorded'),
	Workflow: [...new Set(runs.map(({ error }) => (error ? 'failed' : 'succeeded')))].join(', '),
});

/** 250 cancellations at 100 per 10 seconds, the vendor's quota. */
export async function quota250(bed: Bed, rounds: number, log: Log): Promise<Section> {
	const texts: string[] = [];
	const goals = [];
	for (const [latencyMs, goal] of GOALS) {
		const ours: Run[] = [];
		const allAtOnce: Run[] = [];
		const batched: Run[] = [];
		for (let round = 1; round <= rounds; round++) {
			log(`250 at ${LIMIT} per 10 s, ${latencyMs} ms latency: round ${round} of ${rounds}`);
			const environment = await bed.environment({ latencyMs, requestsPerWindow: LIMIT }, LIMIT);
			const { credential, ultimo } = environment;
			const run = async (name: string, node: Node) =>
				await environment.run(name, idsFrom(0, COUNT), node);
			ours.push(await run('ours', ourCancel(credential)));
			allAtOnce.push(await run('all at once', cancelByHttp(credential, ultimo)));
			// Its time is made of 24 waits of a second; more rounds would show the same.
			if (round === 1) {
				const node = cancelByHttp(credential, ultimo, BATCHED_BY_HAND);
				batched.push(await run('batched by hand', node));
			}
		}
		const rows = [
			row('Ultimo Reservation', ours),
			row('HTTP Request', allAtOnce),
			row('HTTP Request, batched by hand (10 a second)', batched),
		];
		texts.push(
			`Latency ${latencyMs} ms; the quota's bound is ${BOUND_S}.0 s.\n\n${markdown(rows)}`,
		);
		const at = `250 at 100 per 10 s, ${latencyMs} ms`;
		const refused = Math.max(...ours.map((run) => run.refused));
		const lost = Math.max(...ours.map((run) => COUNT - run.cancelled + run.unrecorded));
		goals.push(
			{ what: `${at}: time against the bound`, value: timesBound(ours), goal, unit: 'x' },
			{ what: `${at}: refused, worst run`, value: refused, goal: 0, unit: '' },
			{ what: `${at}: not done or not recorded, worst run`, value: lost, goal: 0, unit: '' },
		);
	}
	return { title: '250 cancellations within the quota', text: texts.join('\n\n'), goals };
}
