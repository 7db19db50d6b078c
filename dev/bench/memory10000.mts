import { setTimeout as sleep } from 'node:timers/promises';
import { idsFrom, startBed, type Environment, type Run } from '../bed.mts';
import { markdown } from '../markdown.mts';
import type { Log } from '../n8n/cache.mts';
import type { N8n } from '../n8n/instance.mts';
import type { Node } from '../n8n/workflow.mts';
import { cancelByHttp, editFields, ourCancel } from './contenders.mts';
import { median, spread, type Section } from './figures.mts';

const COUNT = 10_000;
/** Low enough that the node has to wait for it, high enough that 10,000 fit into the bench. */
const LIMIT = 2_500;
/** Of each contender, whichever is measured. */
const WARM_UP = 1_000;

/** See collect.cjs. */
const COLLECT = 'SIGUSR2';
/** A collection takes a third of it. */
const COLLECTED_MS = 1_000;

const HOW = `Each run has a server of its own, in which both nodes have cancelled ${WARM_UP} before and V8 has given back all that is free: a heap that an earlier run has filled grows less, or not at all.`;
const WHY_NOT_FLAT =
	'Memory is not flat: whatever runs, V8 first lets its space for young objects grow to 128 MB, and n8n keeps all items; Edit Fields, which sends nothing, shows both.';

/** MB; NaN where it can't be measured. */
const growth = ({ memory }: Run) => (memory ? memory.peak - memory.before : NaN);

const row = (Contender: string, runs: Run[]) => {
	const shown = (figure: (run: Run) => number, digits = 0) => spread(runs.map(figure), digits);
	return {
		Contender,
		Runs: runs.length,
		'Node, s': shown(({ nodeMs }) => nodeMs / 1000, 1),
		Cancelled: shown(({ cancelled }) => cancelled),
		'Refused (429)': shown(({ refused }) => refused),
		'RSS before, MB': shown(({ memory }) => memory?.before ?? NaN),
		'RSS peak, MB': shown(({ memory }) => memory?.peak ?? NaN),
		'Growth, MB': shown(growth),
	};
};

/** One run of 10,000 in a new server that is warm. */
async function inNewServer(
	n8n: N8n,
	limit: number,
	nodeFor: (environment: Environment) => Node,
): Promise<Run> {
	const bed = await startBed(n8n);
	try {
		const free = await bed.environment({ requestsPerWindow: 0 }, 0);
		for (const node of [ourCancel(free.credential), cancelByHttp(free.credential, free.ultimo)]) {
			await free.run('warm-up', idsFrom(0, WARM_UP), node);
		}
		process.kill(bed.pid, COLLECT);
		await sleep(COLLECTED_MS);
		const measured = await bed.environment({ requestsPerWindow: limit }, limit);
		return await measured.run('measured', idsFrom(0, COUNT), nodeFor(measured));
	} finally {
		await bed.stop();
	}
}

/** 10,000 cancellations in one run, with waits for the quota: what the server's memory does. */
export async function memory10000(n8n: N8n, rounds: number, log: Log): Promise<Section> {
	log(`${COUNT} items of Edit Fields, without a request`);
	const floor = await inNewServer(n8n, 0, () => editFields);
	const ours: Run[] = [];
	const http: Run[] = [];
	for (let round = 1; round <= rounds; round++) {
		log(`${COUNT} at ${LIMIT} per 10 s: round ${round} of ${rounds}`);
		ours.push(await inNewServer(n8n, LIMIT, ({ credential }) => ourCancel(credential)));
		log(`${COUNT} by HTTP Request, without quota: round ${round} of ${rounds}`);
		const byHttp = ({ credential, ultimo }: Environment) => cancelByHttp(credential, ultimo);
		http.push(await inNewServer(n8n, 0, byHttp));
	}
	const rows = [
		row('Ultimo Reservation', ours),
		row("Edit Fields: n8n's own share, no requests", [floor]),
		row('HTTP Request, no quota', http),
	];
	return {
		title: '10,000 cancellations in one run',
		text: [markdown(rows), HOW, WHY_NOT_FLAT].join('\n\n'),
		goals: [
			{
				what: '10,000: not done, not recorded or refused, worst run',
				value: Math.max(...ours.map((run) => COUNT - run.cancelled + run.unrecorded + run.refused)),
				goal: 0,
				unit: '',
			},
			{
				what: '10,000: growth of memory against HTTP Request, median of the rounds',
				value: median(ours.map((run, index) => growth(run) / growth(http[index]))),
				goal: 0.35,
				unit: 'x',
			},
		],
	};
}
