import { create, outside, polled, publishTrigger, told, toldSoFar } from '../../e2e/trigger.mts';
import type { Cluster } from '../cluster.mts';
import { openCompany } from '../job.mts';

const A_DAY = 24 * 60;

/** What became of the events of a trigger whose main was killed. */
export interface Told {
	text: string;
	/** Why this breaks what the package promises; nothing if it doesn't. */
	broken: string[];
}

/** Only main polls; what happens while there is none is told by the next, and the workers run it. */
export async function triggerOnMain(cluster: Cluster): Promise<Told> {
	const { ultimo, credential } = await openCompany(cluster, 'Trigger', 0);
	const workflowId = await publishTrigger(cluster.rest, credential);
	await polled(ultimo, 3);
	const first = await create(ultimo, 'C-25', A_DAY);
	await told(cluster, workflowId, [`created ${first}`]);

	await cluster.killMain();
	const second = await create(ultimo, 'C-26', A_DAY);
	await outside(ultimo, 'REST_CancelReservation', { UltimoId: first });
	await cluster.restartMain();
	const expected = [`created ${first}`, `created ${second}`, `cancelled ${first}`];
	await told(cluster, workflowId, expected);

	const { events, executions } = await toldSoFar(cluster.rest, workflowId);
	const byWorkers = executions.filter(({ id }) => cluster.workers.some((one) => one.ran(id)));
	const broken: string[] = [];
	if ([...events].sort().join() !== [...expected].sort().join())
		broken.push(`told was ${events.join(', ')}`);
	if (byWorkers.length !== executions.length) broken.push('main ran an execution itself');
	await ultimo.stop();
	return {
		text: `g. Main killed (-9) while a trigger polls: ${events.length} events told in ${executions.length} executions, each once, all run by workers`,
		broken,
	};
}
