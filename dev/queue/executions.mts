import { parse } from 'flatted';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Item } from '../n8n/execution.mts';
import type { RestClient } from '../n8n/rest.mts';
import { CANCEL_NODE } from './workflows.mts';

/** What n8n has kept of an execution, read as its editor reads it. */
export interface Kept {
	id: string;
	status: string;
	/** What the Cancel node gave, in all of its runs. */
	items: Array<Item['json']>;
	error?: string;
}

const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);
const POLL_MS = 500;

interface Listed {
	id: string;
	status: string;
}

/** Newest first. */
export async function listExecutions(rest: RestClient, workflowId: string): Promise<Listed[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	// By id: one that begins between two pages moves, and is on both.
	const all = new Map<string, Listed>();
	for (let cursor = ''; ;) {
		// n8n gives at most 100 at a time.
		const page = await rest.get<{ results: Listed[]; nextCursor: string | null }>(
			`/rest/executions?limit=100&filter=${filter}${cursor}`,
		);
		for (const execution of page.results) all.set(execution.id, execution);
		if (!page.nextCursor) return [...all.values()];
		cursor = `&cursor=${page.nextCursor}`;
	}
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
	const runs = resultData?.runData?.[CANCEL_NODE] ?? [];
	const items = runs.flatMap((run) => run.data?.main[0] ?? []).map(({ json }) => json);
	return { id, status, items, error: resultData?.error?.message };
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
