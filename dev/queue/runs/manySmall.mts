import { takeAccount, type Kept } from '../account.mts';
import type { Cluster } from '../cluster.mts';
import { MOST_EXECUTIONS } from '../../n8n/execution.mts';
import { createJob, openCompany } from '../job.mts';
import { judge, type Row } from './row.mts';

const SETTLE_MS = 30_000;

function spread({ workers }: Cluster, executions: Kept[]): string {
	const counts = workers.map(({ ran }) => executions.filter(({ id }) => ran(id)).length);
	return `executions a worker: ${counts.join(', ')}`;
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
