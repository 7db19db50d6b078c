import { idsFrom, listOf, startBusyUltimo } from '../bed.mts';
import type { Log } from '../n8n/cache.mts';
import { itemsOf } from '../n8n/execution.mts';
import type { N8n } from '../n8n/instance.mts';
import { credentialFor, manualTrigger, workflow } from '../n8n/workflow.mts';
import type { LedgerEntry, LocalUltimo } from '../ultimo/server.mts';
import { ourCancel } from './contenders.mts';
import { markdown } from '../markdown.mts';
import { spread, median, type Section } from './figures.mts';

const PROCESSES = 3;
const EACH = 200;
const WINDOW_S = 10;
const GOAL_S = 52.5;
const QUARTER_GOAL_S = 22;
/** Who has done this many after 2.2 windows is not starved. */
const QUARTER = EACH / 4;

interface Share {
	cancelled: number;
	reported: number;
	refused: number;
	/** Seconds from the first request of any process. */
	first: number;
	quarter: number;
	last: number;
	/** How many were cancelled in each window of 10 seconds. */
	windows: number[];
}

const processOf = (id: string) => Math.floor((Number(id) - 100_000) / EACH);

function shareOf(process: number, reported: number, ledger: LedgerEntry[]): Share {
	const own = ledger.filter(
		({ body }) => processOf((body as { UltimoId: string }).UltimoId) === process,
	);
	const done = own.filter(({ acted }) => acted).map(({ at }) => (at - ledger[0].at) / 1000);
	const windows: number[] = [];
	for (const second of done) {
		const window = Math.floor(second / WINDOW_S);
		windows[window] = (windows[window] ?? 0) + 1;
	}
	return {
		cancelled: done.length,
		reported,
		refused: own.filter(({ status }) => status === 429).length,
		first: done[0],
		quarter: done[QUARTER - 1],
		last: done[done.length - 1],
		windows: Array.from(windows, (count) => count ?? 0),
	};
}

/** Three n8n processes that know nothing of each other, on one company's quota. */
export async function processes(n8n: N8n, rounds: number, log: Log): Promise<Section> {
	const ultimo = await startBusyUltimo(PROCESSES * EACH, {});
	try {
		return await sharing(n8n, ultimo, rounds, log);
	} finally {
		await ultimo.stop();
	}
}

async function sharing(n8n: N8n, ultimo: LocalUltimo, rounds: number, log: Log): Promise<Section> {
	const credential = { id: 'ultimoMeasured', name: 'Measured' };
	await n8n.importCredentials([{ ...credential, ...credentialFor(ultimo) }]);
	const node = ourCancel(credential);
	const ids = Array.from({ length: PROCESSES }, (_, index) => `process${index}`);
	for (const [index, id] of ids.entries()) {
		const row = [manualTrigger, ...listOf(idsFrom(index * EACH, EACH)), node];
		await n8n.importWorkflow({ id, ...workflow(id, row) });
	}
	const totals: number[] = [];
	const lost: number[] = [];
	const quarters: number[] = [];
	const texts: string[] = [];
	for (let round = 1; round <= rounds; round++) {
		log(`${PROCESSES} processes x ${EACH}: round ${round} of ${rounds}`);
		ultimo.reset();
		const results = await Promise.all(ids.map(async (id) => await n8n.execute(id)));
		const { ledger } = ultimo;
		const shares = results.map(({ run }, index) => {
			const items = itemsOf(run, node.name);
			return shareOf(index, items.filter(({ json }) => json.cancelled === true).length, ledger);
		});
		const total = Math.max(...shares.map(({ last }) => last));
		totals.push(total);
		quarters.push(...shares.map(({ quarter }) => quarter));
		lost.push(PROCESSES * EACH - shares.reduce((sum, { reported }) => sum + reported, 0));
		const rows = shares.map((share, index) => ({
			Process: index + 1,
			Cancelled: share.cancelled,
			'Reported cancelled': share.reported,
			'Refused (429)': share.refused,
			'First, s': share.first?.toFixed(1) ?? '-',
			[`First ${QUARTER} done, s`]: share.quarter?.toFixed(1) ?? '-',
			'Last, s': share.last?.toFixed(1) ?? '-',
			'Cancelled in each 10 s': share.windows.join(', '),
		}));
		texts.push(
			`Round ${round}: ${total.toFixed(1)} s from the first request on.\n\n${markdown(rows)}`,
		);
	}
	const what = 'Three processes: seconds';
	return {
		title: `Three processes x ${EACH} on one quota of 100 per 10 s (bound: 50 s)`,
		text: [`In all: ${spread(totals)} s.`, ...texts].join('\n\n'),
		goals: [
			{ what: `${what} in all, median`, value: median(totals), goal: GOAL_S, unit: ' s' },
			{
				what: `${what} until the slowest had ${QUARTER} done, worst round`,
				value: Math.max(...quarters),
				goal: QUARTER_GOAL_S,
				unit: ' s',
			},
			{ what: 'Three processes: lost, worst round', value: Math.max(...lost), goal: 0, unit: '' },
		],
	};
}
