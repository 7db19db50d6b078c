import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { busySeed } from '../bed.mts';
import { itemsOf, listExecutions, settledExecutions, type Execution } from '../n8n/execution.mts';
import { callWebhook } from '../n8n/webhook.mts';
import {
	cancelById,
	credentialFor,
	reservationNode,
	splitOut,
	webhook,
	workflow,
	WEBHOOK,
	type CredentialName,
} from '../n8n/workflow.mts';
import { startUltimo, type LocalUltimo } from '../ultimo/server.mts';
import type { Cluster, Worker } from './cluster.mts';
import type { Kept } from './account.mts';

const CANCEL_NODE = 'Cancel reservation';
/** As an Ultimo in the same country answers. */
const LATENCY_MS = 40;
/** Longer than n8n takes to notice that a worker is gone. */
const PATIENCE_MS = 200_000;

/** What the one who called the webhook saw. */
export interface Reply {
	/** The reservations that it called with. */
	ids: string[];
	status: number | 'none';
}

/** An Ultimo with a quota of its own, and the credential that opens it. */
export interface Company {
	ultimo: LocalUltimo;
	credential: CredentialName;
	ids: string[];
}

interface JobSettings {
	name: string;
	credential: CredentialName;
	/** The node's options. */
	options?: object;
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
): Promise<Company> {
	const seed = busySeed(reservations);
	const ultimo = await startUltimo({ latencyMs: LATENCY_MS, seed });
	atEnd(ultimo.stop);
	return {
		ultimo,
		credential: await rest.post('/rest/credentials', { name, ...credentialFor(ultimo) }),
		ids: seed.reservations.map(({ UltimoId }) => UltimoId),
	};
}

async function post(url: string, ids: string[], patienceMs: number): Promise<Reply> {
	const answer = async () => {
		const response = await callWebhook(url, { ids }, patienceMs);
		await response.text();
		return response.status;
	};
	return { ids, status: await answer().catch(() => 'none' as const) };
}

function keptOf({ id, status, data }: Execution & { id: string }): Kept {
	const jsonOf = (node: string) =>
		itemsOf({ status, data }, node)
			.map(({ json }) => json)
			// n8n's stand-in for what it has lost of a crashed execution.
			.filter((json) => !json.isArtificialRecoveredEventItem);
	const [call] = jsonOf(WEBHOOK) as Array<{ body: { ids: string[] } }>;
	return {
		id,
		status,
		asked: call?.body.ids ?? [],
		items: jsonOf(CANCEL_NODE),
		error: data.resultData.error?.message,
	};
}

/** Waits until so many were cancelled. */
export async function cancelledSoFar({ ultimo }: Company, count: number): Promise<void> {
	const until = Date.now() + PATIENCE_MS;
	while (ultimo.stats().total.accepted < count) {
		if (Date.now() > until) throw new Error(`Waited in vain until ${count} were cancelled`);
		await sleep(20);
	}
}

/** A workflow as a company builds it: something calls with a list of reservations, and they are cancelled. */
export async function createJob(
	cluster: Cluster,
	{ name, credential, options = {} }: JobSettings,
): Promise<Job> {
	const { rest, url, workers } = cluster;
	const path = randomUUID();
	const row = [
		webhook(path, 'allEntries'),
		splitOut('One item a reservation', 'body.ids', { destinationFieldName: 'UltimoId' }),
		reservationNode(
			CANCEL_NODE,
			credential,
			{ ...cancelById, options },
			{
				onError: 'continueRegularOutput',
			},
		),
	];
	const workflowId = await rest.publish(await rest.post('/rest/workflows', workflow(name, row)));
	return {
		workflowId,
		call: async (ids, patienceMs = PATIENCE_MS) =>
			await post(`${url}/webhook/${path}`, ids, patienceMs),
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
		async settled(calls, patienceMs) {
			const executions = await settledExecutions(cluster.rest, workflowId, calls, patienceMs);
			return executions.map(keptOf);
		},
	};
}
