import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { manyReservations, spaces, applicants } from '../ultimo/seed.mts';
import { startUltimo, type LocalUltimo, type UltimoOptions } from '../ultimo/server.mts';
import type { Cluster, Worker } from './cluster.mts';
import { listExecutions, settledExecutions, type Kept } from './executions.mts';
import { cancelWorkflow, type CancelWorkflow } from './workflows.mts';

const API_KEY = 'demo-key';
/** As an Ultimo in the same country answers. */
const LATENCY_MS = 40;
/** Longer than n8n takes to notice that a worker is gone. */
const PATIENCE_MS = 200_000;
const NOT_YET_REGISTERED_MS = 60_000;

/** What the one who called the webhook saw. */
export interface Reply {
	/** The reservations that it called with. */
	ids: string[];
	status: number | 'none';
}

/** An Ultimo with a quota of its own, and the credential that opens it. */
export interface Company {
	ultimo: LocalUltimo;
	credential: { id: string; name: string };
	ids: string[];
}

/** A workflow that cancels at a company what its webhook is called with. */
export interface Job {
	workflowId: string;
	call(ids: string[], patienceMs?: number): Promise<Reply>;
	/** The worker that runs its only execution; waits until one does. */
	worker(): Promise<Worker>;
	settled(calls: number, patienceMs: number): Promise<Kept[]>;
}

export async function openCompany(
	{ rest, atEnd }: Cluster,
	name: string,
	reservations: number,
	options: Partial<UltimoOptions> = {},
): Promise<Company> {
	const seed = { spaces, applicants, reservations: manyReservations(reservations) };
	const ultimo = await startUltimo({ apiKey: API_KEY, latencyMs: LATENCY_MS, seed, ...options });
	atEnd(ultimo.stop);
	const data = { baseUrl: ultimo.url, apiKey: API_KEY };
	const { id } = await rest.post('/rest/credentials', { name, type: 'ultimoApi', data });
	return {
		ultimo,
		credential: { id, name },
		ids: seed.reservations.map(({ UltimoId }) => UltimoId),
	};
}

async function post(url: string, ids: string[], patienceMs: number): Promise<Reply> {
	const started = Date.now();
	for (;;) {
		const status = await fetch(url, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ ids }),
			signal: AbortSignal.timeout(patienceMs),
		}).then(
			async (response) => {
				await response.text();
				return response.status;
			},
			() => 'none' as const,
		);
		if (status !== 404) return { ids, status };
		// n8n says that the workflow is active a little before its webhook is there.
		if (Date.now() - started > NOT_YET_REGISTERED_MS)
			throw new Error(`n8n does not know ${url}, though its workflow is active`);
		await sleep(250);
	}
}

/** Waits until so many were cancelled. */
export async function cancelledSoFar({ ultimo }: Company, count: number): Promise<void> {
	const until = Date.now() + PATIENCE_MS;
	while (ultimo.stats().total.accepted < count) {
		if (Date.now() > until) throw new Error(`Waited in vain until ${count} were cancelled`);
		await sleep(20);
	}
}

export async function createJob(
	cluster: Cluster,
	workflow: Omit<CancelWorkflow, 'path'>,
): Promise<Job> {
	const { rest, url, workers } = cluster;
	const path = randomUUID();
	const created = await rest.post('/rest/workflows', cancelWorkflow({ ...workflow, path }));
	const workflowId: string = created.id;
	await rest.post(`/rest/workflows/${workflowId}/activate`, { versionId: created.versionId });
	return {
		workflowId,
		call(ids, patienceMs = PATIENCE_MS) {
			const reply = post(`${url}/webhook/${path}`, ids, patienceMs);
			// Who called looks at it later; a failure in between must not end this process.
			void reply.catch(() => {});
			return reply;
		},
		async worker() {
			const until = Date.now() + PATIENCE_MS;
			for (;;) {
				const [execution] = await listExecutions(cluster.rest, workflowId);
				const found = execution && workers.find((worker) => worker.ran(execution.id));
				if (found) return found;
				if (Date.now() > until) throw new Error(`No worker ran workflow ${workflowId}`);
				await sleep(100);
			}
		},
		settled: async (calls, patienceMs) =>
			await settledExecutions(cluster.rest, workflowId, calls, patienceMs),
	};
}
