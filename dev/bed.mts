import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { itemsOf, onlyExecution, type Item } from './n8n/execution.mts';
import type { N8n } from './n8n/instance.mts';
import { callWebhook } from './n8n/webhook.mts';
import {
	credentialFor,
	reservationNode,
	setJson,
	splitOut,
	webhook,
	workflow,
	type CredentialName,
	type Node,
} from './n8n/workflow.mts';
import { applicants, manyReservations, spaces } from './ultimo/seed.mts';
import { startUltimo, type LocalUltimo, type UltimoOptions } from './ultimo/server.mts';

const LIST = 'Items';
const MEMORY_SAMPLE_MS = 50;
/** Longer than any run takes. */
const PATIENCE_MS = 30 * 60_000;

export interface Memory {
	/** MB, resident. */
	before: number;
	peak: number;
}

export interface Run {
	/** n8n's own figure for the one node, in ms. */
	nodeMs: number;
	/** What reached the node. */
	inputs: Item[];
	items: Item[];
	/** Why the node failed, if it did. */
	error?: string;
	cancelled: number;
	refused: number;
	/** Cancelled in Ultimo, and the workflow has no item that says so. */
	unrecorded: number;
	memory: Memory | undefined;
}

/** One n8n server and the local Ultimo, on which contenders run one after the other. */
export interface Bed {
	/** Of the server. */
	pid: number;
	/** A local Ultimo of its own address: this package's node keeps one queue an environment. */
	environment(
		options: Partial<UltimoOptions>,
		requestsPer10Seconds: number,
		reservations?: number,
	): Promise<Environment>;
	/** Ends the server and the local Ultimos; n8n's folder is its owner's. */
	stop(): Promise<void>;
}

export interface Environment {
	ultimo: LocalUltimo;
	credential: CredentialName;
	/** @param items an expression in n8n's language that gives the list of items; see {@link idsFrom} */
	run(name: string, items: string, node: Node): Promise<Run>;
	/** Opens the list of a space's reservations, as the editor does. @returns how many it offers */
	openList(spaceId: string): Promise<number>;
}

/** `count` items with the ids of `manyReservations`, from its `first`-th on. */
export const idsFrom = (first: number, count: number) =>
	`Array.from({ length: ${count} }, (_, i) => ({ UltimoId: String(${100_000 + first} + i).padStart(11, '0') }))`;

/** One item each, after a trigger. */
export const listOf = (items: string) => [
	setJson('List', `={{ { items: ${items} } }}`),
	splitOut(LIST, 'items'),
];

export const busySeed = (reservations: number) => ({
	spaces,
	applicants,
	reservations: manyReservations(reservations),
});

/** Without the daily quota, which these runs would use up. */
export const startBusyUltimo = async (reservations: number, options: Partial<UltimoOptions>) =>
	await startUltimo({ requestsPerDay: 0, seed: busySeed(reservations), ...options });

/** Undefined where there is no /proc. */
async function residentMb(pid: number): Promise<number | undefined> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	const kB = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
	return kB === undefined ? undefined : Number(kB) / 1024;
}

async function watchMemory(pid: number, work: Promise<unknown>): Promise<Memory | undefined> {
	const before = await residentMb(pid);
	if (before === undefined) return await work.then(() => undefined);
	const memory = { before, peak: before };
	let over = false;
	void work.finally(() => (over = true)).catch(() => {});
	while (!over) {
		await sleep(MEMORY_SAMPLE_MS);
		memory.peak = Math.max(memory.peak, (await residentMb(pid)) ?? 0);
	}
	await work;
	return memory;
}

/** So that no two webhooks of a folder have the same path, also not those of one bed after the other. */
let runs = 0;

export async function startBed(n8n: N8n): Promise<Bed> {
	const { url, pid, ended } = await n8n.start();
	const rest = await n8n.login();
	const environments: LocalUltimo[] = [];
	return {
		pid,

		async stop() {
			process.kill(pid);
			await ended;
			await Promise.all(environments.map(async (ultimo) => await ultimo.stop()));
		},

		async environment(options, requestsPer10Seconds, reservations = 10_000) {
			const ultimo = await startBusyUltimo(reservations, options);
			environments.push(ultimo);
			const content = credentialFor(ultimo, { requestsPer10Seconds });
			const credential = await rest.post('/rest/credentials', { name: 'Measured', ...content });
			return {
				ultimo,
				credential,
				async openList(spaceId) {
					const { type, typeVersion, parameters, credentials } = reservationNode('', credential, {
						operation: 'cancel',
						reservationId: { __rl: true, mode: 'list', value: '' },
						spaceId: { __rl: true, mode: 'id', value: spaceId },
					});
					const path = '/rest/dynamic-node-parameters/resource-locator-results';
					const { results } = await rest.post<{ results: unknown[] }>(path, {
						path: 'parameters.reservationId',
						methodName: 'searchReservations',
						nodeTypeAndVersion: { name: type, version: typeVersion },
						currentNodeParameters: parameters,
						credentials,
					});
					return results.length;
				},
				async run(title, items, node) {
					ultimo.reset();
					const path = `measured-${++runs}`;
					const row = [webhook(path, 'noData'), ...listOf(items), node];
					const id = await rest.publish(await rest.post('/rest/workflows', workflow(title, row)));
					const memory = await watchMemory(pid, callWebhook(`${url}/webhook/${path}`));
					const execution = await onlyExecution(rest, id, PATIENCE_MS);
					const { runData, error } = execution.data.resultData;
					const measured = runData[node.name]?.at(-1);
					if (!measured) throw new Error(`The node was not reached: ${error?.message}`);
					const outcome = itemsOf(execution, node.name);
					return {
						nodeMs: measured.executionTime ?? NaN,
						inputs: itemsOf(execution, LIST),
						items: outcome,
						error: measured.error?.message,
						...bookkeeping(ultimo, outcome),
						memory,
					};
				},
			};
		},
	};
}

function bookkeeping({ ledger, stats }: LocalUltimo, items: Item[]) {
	const done = new Set(ledger.filter(({ acted }) => acted).map(({ ultimoId }) => ultimoId));
	// HTTP Request's items are Ultimo's answers, in the order of the input.
	const recorded = items.filter(({ json }) => json.cancelled === true || json.properties).length;
	return {
		cancelled: done.size,
		refused: stats().total.overQuota,
		unrecorded: done.size - recorded,
	};
}
