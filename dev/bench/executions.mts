import { setTimeout as sleep } from 'node:timers/promises';
import type { Item } from '../n8n/execution.mts';
import type { RestClient } from '../n8n/rest.mts';
import { unflatten } from './flatted.mts';
import { LIST, MEASURED } from './workflow.mts';

/** A node's run in an execution, with what `n8n/execution.mts` leaves out. */
interface TimedRun {
	/** ms */
	executionTime: number;
	executionStatus: string;
	error?: { message: string };
	data?: { main: Array<Item[] | null> };
}

export interface Measured {
	/** n8n's own figure for the one node, in ms. */
	nodeMs: number;
	/** What reached the node. */
	inputs: Item[];
	items: Item[];
	/** Why the node failed, if it did. */
	error?: string;
}

/** The only execution of a workflow, once it is over. */
export async function onlyExecution(rest: RestClient, workflowId: string): Promise<Measured> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	for (;;) {
		const { results } = await rest.get(`/rest/executions?filter=${filter}&limit=1`);
		const [{ id, status } = { id: '', status: 'new' }] = results;
		if (!['new', 'running', 'waiting'].includes(status)) {
			const { data } = await rest.get(`/rest/executions/${id}`);
			return measuredIn(unflatten(data));
		}
		await sleep(200);
	}
}

function measuredIn(data: unknown): Measured {
	const { runData, error } = (
		data as {
			resultData: { runData: Record<string, TimedRun[]>; error?: { message: string } };
		}
	).resultData;
	const run = runData[MEASURED]?.at(-1);
	if (!run) throw new Error(`The node was not reached: ${error?.message ?? 'no error'}`);
	return {
		nodeMs: run.executionTime,
		inputs: runData[LIST]?.at(-1)?.data?.main[0] ?? [],
		items: run.data?.main[0] ?? [],
		error: run.error?.message,
	};
}
