import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createN8n, type N8n } from '../n8n/instance.mts';
import type { Log } from '../n8n/install.mts';
import type { RestClient } from '../n8n/rest.mts';
import { packTarball } from '../pack.mts';
import { manyReservations, spaces, applicants } from '../ultimo/seed.mts';
import { startUltimo, type LocalUltimo, type UltimoOptions } from '../ultimo/server.mts';
import { onlyExecution, type Measured } from './executions.mts';
import { API_KEY, credentialFor, workflow, type ourNode } from './workflow.mts';

const MEMORY_SAMPLE_MS = 50;

export interface Memory {
	/** MB, resident. */
	before: number;
	peak: number;
}

export interface Run extends Measured {
	cancelled: number;
	refused: number;
	/** Cancelled in Ultimo, and the workflow has no item that says so. */
	unrecorded: number;
	memory: Memory | undefined;
}

/** One n8n server and the local Ultimo, on which contenders run one after the other. */
export interface Bed {
	/** A local Ultimo of its own address: this package's node keeps one queue an environment. */
	environment(
		options: Partial<UltimoOptions>,
		requestsPer10Seconds: number,
		reservations?: number,
	): Promise<Environment>;
	/** Ends the local Ultimos; n8n is its owner's. */
	stop(): Promise<void>;
}

export interface Environment {
	ultimo: LocalUltimo;
	credential: { id: string; name: string };
	run(name: string, items: string, node: ReturnType<typeof ourNode>): Promise<Run>;
}

export async function createPackedN8n(log: Log): Promise<N8n> {
	const tarball = await packTarball();
	return await createN8n({ tarball: tarball.path, log }).finally(
		async () => await rm(dirname(tarball.path), { recursive: true }),
	);
}

/** Without the daily quota, which these runs would use up. */
export const startBusyUltimo = async (reservations: number, options: Partial<UltimoOptions>) =>
	await startUltimo({
		apiKey: API_KEY,
		requestsPerDay: 0,
		seed: { spaces, applicants, reservations: manyReservations(reservations) },
		...options,
	});

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

export async function startBed(n8n: N8n): Promise<Bed> {
	const { url, pid } = await n8n.start();
	const rest = await n8n.login();
	const environments: LocalUltimo[] = [];
	let runs = 0;
	return {
		async stop() {
			await Promise.all(environments.map(async (ultimo) => await ultimo.stop()));
		},

		async environment(options, requestsPer10Seconds, reservations = 10_000) {
			const ultimo = await startBusyUltimo(reservations, options);
			environments.push(ultimo);
			const { name, type, data } = credentialFor(ultimo.url, requestsPer10Seconds);
			const credential = await rest.post('/rest/credentials', { name, type, data });
			return {
				ultimo,
				credential,
				async run(title, items, node) {
					ultimo.reset();
					const path = `measured-${++runs}`;
					const id = await publish(
						rest,
						workflow({ id: path, name: title, trigger: 'webhook', items, node }),
					);
					const memory = await watchMemory(pid, callWebhook(`${url}/webhook/${path}`));
					const measured = await onlyExecution(rest, id);
					return { ...measured, ...bookkeeping(ultimo, measured), memory };
				},
			};
		},
	};
}

/** Answers when the workflow is over; a new webhook is not known at once. */
async function callWebhook(url: string): Promise<void> {
	for (let tries = 0; tries < 50; tries++) {
		const { status } = await fetch(url, { method: 'POST' });
		if (status !== 404) return;
		await sleep(100);
	}
	throw new Error(`n8n does not know ${url}`);
}

async function publish(rest: RestClient, { id: _, ...content }: ReturnType<typeof workflow>) {
	const { id, versionId } = await rest.post('/rest/workflows', content);
	await rest.post(`/rest/workflows/${id}/activate`, { versionId });
	return id as string;
}

function bookkeeping({ ledger, stats }: LocalUltimo, { items }: Measured) {
	const done = new Set(ledger.filter(({ acted }) => acted).map(({ ultimoId }) => ultimoId));
	// HTTP Request's items are Ultimo's answers, in the order of the input.
	const recorded = items.filter(({ json }) => json.cancelled === true || json.properties).length;
	return {
		cancelled: done.size,
		refused: stats().total.overQuota,
		unrecorded: done.size - recorded,
	};
}
