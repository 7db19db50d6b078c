import { setTimeout as sleep } from 'node:timers/promises';
import { takeAccount, type Kept } from '../account.mts';
import type { Cluster, Worker } from '../cluster.mts';
import {
	cancelledSoFar,
	createJob,
	openCompany,
	type Company,
	type Job,
	type Reply,
} from '../job.mts';
import { judge, type Row } from './row.mts';

const LIST = 250;
/** More than a worker can do that is ended after 10 s, even if n8n starts it slowly. */
const LONG_LIST = 400;
const BATCH = 50;
/** Between the second hundred's first and last request. */
const IN_THE_MIDDLE = 120;
const NOTICED_MS = 200_000;
/** The local Ultimo's answer to cancelling what is cancelled; a real one's is undocumented. */
const ALREADY_CANCELLED = '9005';

const secondsOf = (ms: number) => `${Math.round(ms / 1000)} s`;
const batches = (ids: string[]) =>
	Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, index) =>
		ids.slice(index * BATCH, (index + 1) * BATCH),
	);

interface Started {
	company: Company;
	job: Job;
	lists: string[][];
	replies: Promise<Reply[]>;
}

interface Beginning {
	list?: number;
	inBatches?: boolean;
}

async function begin(
	cluster: Cluster,
	name: string,
	{ list: count = LIST, inBatches = false }: Beginning = {},
): Promise<Started> {
	const company = await openCompany(cluster, name, count);
	const job = await createJob(cluster, { name, credential: company.credential });
	const lists = inBatches ? batches(company.ids) : [company.ids];
	const replies = Promise.all(lists.map(async (list) => await job.call(list)));
	void replies.catch(() => {});
	return { company, job, lists, replies };
}

const account = async ({ company: { ids, ultimo }, replies }: Started, executions: Kept[]) =>
	takeAccount({ ids, ultimo, executions, replies: await replies });

/** Again with what failed, in a workflow that takes "is cancelled already" for no failure. */
async function repeat(
	cluster: Cluster,
	run: string,
	before: Started,
	refusedAgain: boolean,
): Promise<Row> {
	const { company, lists } = before;
	const { ids, ultimo, credential } = company;
	const first = await before.replies;
	const failed = lists.filter((_, index) => first[index].status !== 200);
	ultimo.setOptions({ cancelAgain: refusedAgain ? 'refused' : 'success' });
	const since = Date.now();
	const options = { ignoreErrorCodes: ALREADY_CANCELLED };
	const job = await createJob(cluster, { name: run, credential, options });
	const replies = await Promise.all(failed.map(async (list) => await job.call(list)));
	const executions = await job.settled(failed.length, NOTICED_MS);
	const told = takeAccount({ ids: failed.flat(), ultimo, executions, replies, since });
	const whole = takeAccount({ ids, ultimo, executions, replies, since });
	await ultimo.stop();

	const skipped = executions.flatMap(({ items }) => items).filter((item) => item.skipped).length;
	const note = refusedAgain
		? `${failed.flat().length} asked again: ${skipped} skipped as cancelled already`
		: `${failed.flat().length} asked again; Ultimo said yes to ${whole.more} a second time`;
	const row = judge({ run, account: told, calls: failed.length, mayRepeat: !refusedAgain, note });
	if (whole.never > 0) row.broken.push(`${whole.never} are still not cancelled`);
	return row;
}

export async function killed(cluster: Cluster, restarted: () => void): Promise<Row[]> {
	const whole = await begin(cluster, 'Killed');
	const split = await begin(cluster, 'Killed, in batches', { inBatches: true });
	await cancelledSoFar(whole.company, IN_THE_MIDDLE);
	const worker = await whole.job.worker();
	const killedAt = Date.now();
	await worker.kill();
	await worker.start();
	restarted();

	const endings = ['success', 'error', 'crashed'];
	const executions = await whole.job.settled(1, NOTICED_MS);
	await whole.replies;
	const noticed = secondsOf(Date.now() - killedAt);
	const note = `n8n calls it failed after ${noticed} and keeps no item`;
	const one = await account(whole, executions);
	const parts = await account(split, await split.job.settled(split.lists.length, NOTICED_MS));
	const rows = [
		judge({ run: 'c. Worker killed (-9), one list', account: one, calls: 1, endings, note }),
		judge({
			run: `c. Worker killed (-9), calls of ${BATCH}`,
			account: parts,
			calls: split.lists.length,
			endings,
			note: 'only the calls on that worker fail',
		}),
	];
	if (!one.executions.error && !one.executions.crashed)
		rows[0].broken.push('the worker was killed, yet n8n does not say that the run failed');
	return [
		...rows,
		...(await Promise.all([
			repeat(cluster, 'f. c repeated, Ultimo refuses twice', whole, true),
			repeat(cluster, `f. c's failed calls of ${BATCH} repeated`, split, true),
		])),
	];
}

/** Lists on `hurried`, which n8n ends before their end, and on another worker, which it lets finish. */
async function occupy(cluster: Cluster, hurried: Worker): Promise<Array<[Started, Worker]>> {
	const busy: Array<[Started, Worker]> = [];
	for (let index = 1; index <= 9; index++) {
		const started = await begin(cluster, `Terminated ${index}`, { list: LONG_LIST });
		busy.push([started, await started.job.worker()]);
		const workers = new Set(busy.map(([, worker]) => worker));
		if (workers.has(hurried) && workers.size > 1) return busy;
	}
	throw new Error('n8n gave every list to one worker');
}

export async function terminated(
	cluster: Cluster,
	hurried: Worker,
	restarted: () => void,
): Promise<Row[]> {
	const busy = await occupy(cluster, hurried);
	await Promise.all(busy.map(async ([{ company }]) => await cancelledSoFar(company, 90)));
	// The first hundred is through; now the runs wait for the quota.
	await sleep(1000);
	const workers = [...new Set(busy.map(([, worker]) => worker))];
	const lasted = new Map<Worker, string>();
	await Promise.all(
		workers.map(async (worker) => {
			const asked = Date.now();
			await worker.terminate();
			lasted.set(worker, secondsOf(Date.now() - asked));
			await worker.start();
		}),
	);
	restarted();

	const rows: Row[] = [];
	const again: Array<Promise<Row>> = [];
	for (const [started, worker] of busy) {
		const cut = worker === hurried;
		const told = await account(started, await started.job.settled(1, NOTICED_MS));
		rows.push(
			judge({
				run: cut ? 'd. SIGTERM, 10 s to finish' : 'd. SIGTERM, 300 s to finish',
				account: told,
				calls: 1,
				endings: cut ? ['error', 'crashed'] : ['success'],
				note: `the worker ended ${lasted.get(worker)} after the signal`,
			}),
		);
		if (cut) again.push(repeat(cluster, 'f. d repeated, Ultimo says yes twice', started, false));
		else await started.company.ultimo.stop();
	}
	return [...rows, ...(await Promise.all(again))];
}
