import { takeAccount } from '../account.mts';
import type { Cluster } from '../cluster.mts';
import type { Kept } from '../executions.mts';
import { createJob, openCompany } from '../job.mts';
import { judge, type Row } from './row.mts';

const SETTLE_MS = 30_000;

function spread({ workers }: Cluster, executions: Kept[]): string {
	const counts = workers.map(({ ran }) => executions.filter(({ id }) => ran(id)).length);
	return `executions a worker: ${counts.join(', ')}`;
}

/** Three lists at once, whose workers do not know that they share one company's quota. */
export async function threeLists(cluster: Cluster): Promise<Row> {
	const { ultimo, credential, ids } = await openCompany(cluster, 'Three lists', 600);
	const lists = [ids.slice(0, 200), ids.slice(200, 400), ids.slice(400)];
	const jobs = await Promise.all(
		lists.map(
			async (_, index) => await createJob(cluster, { name: `List ${index + 1}`, credential }),
		),
	);
	const replies = await Promise.all(jobs.map(async (job, index) => await job.call(lists[index])));
	const settled = await Promise.all(jobs.map(async (job) => await job.settled(1, SETTLE_MS)));
	const executions = settled.flat();
	const account = takeAccount({ ids, ultimo, executions, replies });
	await ultimo.stop();
	const note = spread(cluster, executions);
	return judge({ run: 'a. 3 x 200 at once', account, calls: lists.length, note });
}

/** What a calendar that calls for each change does. */
export async function manySmall(cluster: Cluster): Promise<Row> {
	const calls = 200;
	const sizes = Array.from({ length: calls }, (_, index) => 1 + (index % 3));
	const count = sizes.reduce((sum, size) => sum + size, 0);
	const { ultimo, credential, ids } = await openCompany(cluster, 'Many small', count);
	const job = await createJob(cluster, { name: 'Many small', credential });
	let next = 0;
	const lists = sizes.map((size) => ids.slice(next, (next += size)));
	const replies = await Promise.all(lists.map(async (list) => await job.call(list)));
	const executions = await job.settled(calls, SETTLE_MS);
	const account = takeAccount({ ids, ultimo, executions, replies });
	await ultimo.stop();
	return judge({
		run: 'b. 200 webhooks of 1 to 3',
		account,
		calls,
		note: spread(cluster, executions),
	});
}
