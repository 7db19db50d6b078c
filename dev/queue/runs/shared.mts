import { takeAccount } from '../account.mts';
import type { Cluster } from '../cluster.mts';
import { MOST_EXECUTIONS, type Kept } from '../executions.mts';
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

/** What two calendars that call for each change do. */
export async function manySmall(cluster: Cluster): Promise<Row> {
	const sizes = Array.from({ length: 2 * MOST_EXECUTIONS }, (_, index) => 1 + (index % 3));
	const count = sizes.reduce((sum, size) => sum + size, 0);
	const { ultimo, credential, ids } = await openCompany(cluster, 'Many small', count);
	const jobs = await Promise.all(
		[1, 2].map(
			async (number) => await createJob(cluster, { name: `Calendar ${number}`, credential }),
		),
	);
	let next = 0;
	const lists = sizes.map((size) => ids.slice(next, (next += size)));
	const replies = await Promise.all(
		lists.map(async (list, index) => await jobs[index % jobs.length].call(list)),
	);
	const settled = await Promise.all(
		jobs.map(async (job) => await job.settled(sizes.length / jobs.length, SETTLE_MS)),
	);
	const executions = settled.flat();
	const account = takeAccount({ ids, ultimo, executions, replies });
	await ultimo.stop();
	return judge({
		run: 'b. 200 webhooks of 1 to 3',
		account,
		calls: sizes.length,
		note: spread(cluster, executions),
	});
}
