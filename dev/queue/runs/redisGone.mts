import { setTimeout as sleep } from 'node:timers/promises';
import { takeAccount, tally, type Kept } from '../account.mts';
import type { Cluster } from '../cluster.mts';
import { CONCURRENCY } from '../env.mts';
import { ENDED, listExecutions } from '../../n8n/execution.mts';
import { cancelledSoFar, createJob, openCompany } from '../job.mts';
import { judge, type Row } from './row.mts';

const LIST = 150;
const DOWN_MS = 3_000;
const PATIENCE_MS = 40_000;
const SETTLE_MS = 30_000;
/** What is not over now, after its callers have waited in vain, stays so. */
const FORGOTTEN_MS = 10_000;
const MESSAGE_LENGTH = 100;

/**
 * Redis is restarted while a list is under way, more calls than the workers have places for are
 * waiting, and others arrive.
 */
export async function redisRestarted(cluster: Cluster, persistent: boolean): Promise<Row> {
	const run = persistent ? 'e. Redis restarted' : 'e. Redis restarted, its data lost';
	const waiting = cluster.workers.length * CONCURRENCY + 10;
	const company = await openCompany(cluster, run, LIST + waiting + 5);
	const { ultimo, credential, ids } = company;
	const list = await createJob(cluster, { name: `${run}: list`, credential });
	const single = await createJob(cluster, { name: `${run}: single`, credential });

	const calls = [list.call(ids.slice(0, LIST), PATIENCE_MS)];
	await cancelledSoFar(company, 90);
	const call = (id: string) => calls.push(single.call([id], PATIENCE_MS));
	ids.slice(LIST, LIST + waiting).forEach(call);
	while ((await listExecutions(cluster.rest, single.workflowId)).length < waiting) await sleep(100);
	const back = cluster.redis.restart({ persistent, downMs: DOWN_MS });
	await sleep(DOWN_MS / 3);
	ids.slice(LIST + waiting).forEach(call);
	await back;

	const replies = await Promise.all(calls);
	const settled = async (patienceMs: number) => [
		...(await list.settled(1, patienceMs)),
		...(await single.settled(calls.length - 1, patienceMs)),
	];
	let executions = await settled(FORGOTTEN_MS);
	const forgotten = tally(
		executions
			.filter(({ status }) => !ENDED.has(status))
			// As the editor calls it.
			.map(({ status }) => (status === 'new' ? 'queued' : status)),
	);
	if (Object.keys(forgotten).length > 0) {
		await cluster.restartMain();
		executions = await settled(SETTLE_MS);
	}
	const account = takeAccount({ ids, ultimo, executions, replies });
	await ultimo.stop();
	const note = [
		...Object.entries(forgotten).map(
			([status, count]) =>
				`${count} stay "${status}" until main is restarted, which calls them crashed`,
		),
		...failuresOf(executions),
	].join('; ');
	// While Redis loads its data it answers LOADING: n8n fails an execution that starts then, or forgets
	// it as "running". What waits for a worker it may forget only where Redis has lost it.
	const endings = ['success', 'error', ...(Object.keys(forgotten).length > 0 ? ['crashed'] : [])];
	const row = judge({ run, account, calls: calls.length, endings, note });
	if (persistent && forgotten.queued > 0)
		row.broken.push(`${forgotten.queued} that waited are forgotten, though Redis kept its data`);
	const [underWay] = executions;
	if (underWay.status !== 'success')
		row.broken.push(`the list that was under way ended as "${underWay.status}"`);
	return row;
}

/** What n8n says of those that it ended as "error": each sentence once, fit for a table. */
function failuresOf(executions: Kept[]): string[] {
	const said = executions
		.filter(({ status }) => status === 'error')
		.map(({ error = '' }) => error.replace(/[\s|]+/g, ' ').slice(0, MESSAGE_LENGTH));
	return [...new Set(said)].map(
		(sentence) => `n8n failed ${said.filter((other) => other === sentence).length}: "${sentence}"`,
	);
}
