import { parse } from 'flatted';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RestClient } from './rest.mts';

/** The parts of an execution's JSON that are read here; n8n puts more in it. */
export interface Execution {
	status: string;
	data: {
		resultData: {
			error?: NodeFailure;
			lastNodeExecuted?: string;
			runData: Record<string, NodeRun[]>;
		};
	};
}

interface NodeFailure {
	message: string;
	description?: string | null;
	context?: Record<string, unknown>;
}

interface NodeRun {
	executionStatus: string;
	/** ms */
	executionTime?: number;
	error?: NodeFailure;
	data?: { main: Array<Item[] | null> };
}

export interface Item {
	json: Record<string, unknown>;
	pairedItem?: unknown;
}

/** Ways in which an execution can have ended; in all others n8n has yet to do something. */
export const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);
/** As many executions as n8n lists at a time. */
export const MOST_EXECUTIONS = 100;
const POLL_MS = 500;

interface Listed {
	id: string;
	status: string;
}

/** `n8n execute` prints log lines around the JSON, which starts and ends with a brace alone on its line. */
export function parseExecution(stdout: string): Execution | undefined {
	const lines = stdout.split(/\r?\n/);
	const start = lines.indexOf('{');
	const end = lines.indexOf('}', start);
	if (start < 0 || end < 0) return undefined;
	return JSON.parse(lines.slice(start, end + 1).join('\n')) as Execution;
}

/** What left the node's first output in its last run. */
export function itemsOf(execution: Execution | undefined, nodeName: string): Item[] {
	return execution?.data.resultData.runData[nodeName]?.at(-1)?.data?.main[0] ?? [];
}

/**
 * Newest first, and no more than a first page: n8n sorts by the start but goes on below the last
 * one's id, so where workers start them out of order the next page leaves some out.
 */
export async function listExecutions(rest: RestClient, workflowId: string): Promise<Listed[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await rest.get<{ results: Listed[] }>(
		`/rest/executions?limit=${MOST_EXECUTIONS}&filter=${filter}`,
	);
	// By id: one that ends meanwhile is among those that run and those that ended.
	return [...new Map(results.map((execution) => [execution.id, execution])).values()];
}

async function readExecution(rest: RestClient, id: string): Promise<Execution & Listed> {
	const { status, data } = await rest.get<{ status: string; data?: string }>(
		`/rest/executions/${id}`,
	);
	// Of one that crashed, n8n may have kept nothing.
	const { resultData } = (data ? parse(data) : {}) as Partial<Execution['data']>;
	return {
		id,
		status,
		data: { resultData: { ...resultData, runData: resultData?.runData ?? {} } },
	};
}

/** The workflow's executions, once n8n calls `count` of them ended or the time is over. */
export async function settledExecutions(
	rest: RestClient,
	workflowId: string,
	count: number,
	patienceMs: number,
): Promise<Array<Execution & Listed>> {
	const until = Date.now() + patienceMs;
	let listed = await listExecutions(rest, workflowId);
	while (listed.length < count || listed.some(({ status }) => !ENDED.has(status))) {
		if (Date.now() > until) break;
		await sleep(POLL_MS);
		listed = await listExecutions(rest, workflowId);
	}
	const executions = [];
	for (const { id } of listed) executions.push(await readExecution(rest, id));
	return executions;
}

/** The only execution of a workflow. @throws Error when it has not ended within the time */
export async function onlyExecution(
	rest: RestClient,
	workflowId: string,
	patienceMs: number,
): Promise<Execution> {
	const [execution] = await settledExecutions(rest, workflowId, 1, patienceMs);
	if (execution && ENDED.has(execution.status)) return execution;
	throw new Error(`Workflow ${workflowId} did not end within ${patienceMs / 1000} s`);
}
