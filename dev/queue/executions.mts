import { parse } from 'flatted';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Item } from '../n8n/execution.mts';
import type { RestClient } from '../n8n/rest.mts';
import { CANCEL_NODE, WEBHOOK } from './workflows.mts';

/** What n8n has kept of an execution, read as its editor reads it. */
export interface Kept {
	id: string;
	status: string;
	/** The reservations that its webhook was called with; none if nothing of it was kept. */
	asked: string[];
	/** What the Cancel node gave, in all of its runs. */
	items: Array<Item['json']>;
	error?: string;
}

/** Ways in which an execution can have ended; in all others n8n has yet to do something. */
export const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);
const POLL_MS = 500;

interface Listed {
	id: string;
	status: string;
}

/** As many as n8n gives at a time. */
export const MOST_EXECUTIONS = 100;

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

async function readExecution(rest: RestClient, id: string): Promise<Kept> {
	const { status, data } = await rest.get<{ status: string; data?: string }>(
		`/rest/executions/${id}`,
	);
	const { resultData } = (data ? parse(data) : {}) as {
		resultData?: {
			error?: { message?: string };
			runData?: Record<string, Array<{ data?: { main: Array<Item[] | null> } }>>;
		};
	};
	const itemsOf = (node: string) =>
		(resultData?.runData?.[node] ?? [])
			.flatMap((run) => run.data?.main[0] ?? [])
			.map(({ json }) => json)
			// n8n's stand-in for what it has lost of a crashed execution.
			.filter((json) => !json.isArtificialRecoveredEventItem);
	const [call] = itemsOf(WEBHOOK) as Array<{ body: { ids: string[] } }>;
	return {
		id,
		status,
		asked: call?.body.ids ?? [],
		items: itemsOf(CANCEL_NODE),
		error: resultData?.error?.message,
	};
}

/** Waits until n8n calls the workflow's `count` executions ended, or the time is over. */
export async function settledExecutions(
	rest: RestClient,
	workflowId: string,
	count: number,
	patienceMs: number,
): Promise<Kept[]> {
	const until = Date.now() + patienceMs;
	let listed = await listExecutions(rest, workflowId);
	while (listed.length < count || listed.some(({ status }) => !ENDED.has(status))) {
		if (Date.now() > until) break;
		await sleep(POLL_MS);
		listed = await listExecutions(rest, workflowId);
	}
	const kept: Kept[] = [];
	for (const { id } of listed) kept.push(await readExecution(rest, id));
	return kept;
}
