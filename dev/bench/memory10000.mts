import { idsFrom, type Bed, type Run } from '../bed.mts';
import { markdown } from '../markdown.mts';
import { type Section } from './figures.mts';
import { cancelByHttp, editFields, ourCancel } from './contenders.mts';
import type { Log } from '../n8n/cache.mts';

const COUNT = 10_000;
/** Low enough that the node has to wait for it, high enough that 10,000 fit into the bench. */
const LIMIT = 2_500;

const WHY_NOT_FLAT =
	'Memory is not flat: n8n keeps all items of a run, and evaluates an expression for each, as Edit Fields shows.';

/** MB; NaN where it can't be measured. */
const growth = (run?: Pick<Run, 'memory'>) =>
	run?.memory ? run.memory.peak - run.memory.before : NaN;

const row = (Contender: string, { nodeMs, cancelled, refused, memory }: Run) => ({
	Contender,
	'Node, s': (nodeMs / 1000).toFixed(1),
	Cancelled: cancelled,
	'Refused (429)': refused,
	'RSS before, MB': memory?.before.toFixed(0) ?? 'no /proc',
	'RSS peak, MB': memory?.peak.toFixed(0) ?? 'no /proc',
	'Growth, MB': memory ? growth({ memory }).toFixed(0) : 'no /proc',
});

/** 10,000 cancellations in one run, with waits for the quota: what the server's memory does. */
export async function memory10000(bed: Bed, rounds: number, log: Log): Promise<Section> {
	const limited = await bed.environment({ requestsPerWindow: LIMIT }, LIMIT);
	const rows = [];
	let last: Run | undefined;
	// Twice at least: what a first run needs for itself, a second one does not need again.
	for (let round = 1; round <= Math.max(2, rounds); round++) {
		log(`10,000 at ${LIMIT} per 10 s: round ${round} of ${Math.max(2, rounds)}`);
		last = await limited.run('ours', idsFrom(0, COUNT), ourCancel(limited.credential));
		rows.push(row(`Ultimo Reservation, run ${round}`, last));
	}

	const free = await bed.environment({ requestsPerWindow: 0 }, 0);
	log('10,000 items of Edit Fields, without a request');
	const floor = await free.run('floor', idsFrom(0, COUNT), editFields);
	rows.push(row("Edit Fields: n8n's own share, no requests", floor));

	log('10,000 by HTTP Request, without quota');
	const node = cancelByHttp(free.credential, free.ultimo);
	const other = await free.run('http', idsFrom(0, COUNT), node);
	rows.push(row('HTTP Request, no quota', other));
	return {
		title: '10,000 cancellations in one run',
		text: `${markdown(rows)}\n\n${WHY_NOT_FLAT}`,
		goals: [
			{
				what: '10,000: not done, not recorded or refused, last run',
				value: last ? COUNT - last.cancelled + last.unrecorded + last.refused : NaN,
				goal: 0,
				unit: '',
			},
			{
				what: '10,000: growth of memory against HTTP Request, last run',
				value: growth(last) / growth(other),
				goal: 0.35,
				unit: 'x',
			},
		],
	};
}
