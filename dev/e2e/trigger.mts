import { deepEqual, equal } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { itemsOf, settledExecutions } from '../n8n/execution.mts';
import type { RestClient } from '../n8n/rest.mts';
import { triggerNode, workflow, type CredentialName } from '../n8n/workflow.mts';
import { elementId, type ActionName } from '../ultimo/contract.mts';
import { defaults } from '../ultimo/options.mts';
import { demoSeed, type Reservation } from '../ultimo/seed.mts';
import type { LocalUltimo } from '../ultimo/server.mts';
import { anew } from './bed.mts';
import type { Step } from './steps.mts';

const MINUTE_MS = 60_000;
const NODE = 'Ultimo Reservation Trigger';
/** Two polls and a start of n8n. */
const PATIENCE_MS = 4 * MINUTE_MS;
const EVENTS = ['created', 'updated', 'cancelled', 'startingSoon', 'started', 'ended'];

/** An n8n that can be ended as a machine that loses power is, and started again. */
export interface Mortal {
	readonly rest: RestClient;
	kill(): Promise<void>;
	start(): Promise<void>;
}

/** A workflow with the trigger, published. */
export async function publishTrigger(
	rest: RestClient,
	credential: CredentialName,
): Promise<string> {
	const trigger = triggerNode(NODE, credential, {
		events: EVENTS,
		spaceSelection: 'several',
		spaceIds: 'C-25, C-26, 003.0.10',
	});
	const after = { name: 'After', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
	const content = workflow('What happens in Ultimo', [trigger, after]);
	return await rest.publish(await rest.post('/rest/workflows', content));
}

/** What the workflow's executions got, oldest first: 'created 00000006712'. */
export async function toldSoFar(rest: RestClient, id: string) {
	const executions = (await settledExecutions(rest, id, 0, PATIENCE_MS)).reverse();
	const items = executions.flatMap((execution, index) =>
		itemsOf(execution, 'After').map(({ json }) => ({ execution: index + 1, ...json })),
	) as Array<{ execution: number; event: string; eventKey: string; UltimoId: string }>;
	return { executions, items, events: items.map(({ event, UltimoId }) => `${event} ${UltimoId}`) };
}

/** Waits until all of these were told, among others. */
export async function told(
	n8n: Pick<Mortal, 'rest'>,
	id: string,
	expected: string[],
): Promise<void> {
	const until = Date.now() + PATIENCE_MS;
	for (;;) {
		const { events } = await toldSoFar(n8n.rest, id);
		const missing = expected.filter((event) => !events.includes(event));
		if (missing.length === 0) return;
		if (Date.now() > until) throw new Error(`Not told: ${missing.join(', ')} of ${events}`);
		await sleep(1000);
	}
}

/** Waits until Ultimo got so many requests, and what n8n makes of the answers is done. */
export async function polled({ ledger }: LocalUltimo, requests: number): Promise<void> {
	const until = Date.now() + PATIENCE_MS;
	while (ledger.length < requests) {
		if (Date.now() > until) throw new Error(`Only ${ledger.length} of ${requests} requests came`);
		await sleep(500);
	}
	await sleep(2000);
}

/** Somebody else changes something in Ultimo. */
export async function outside(
	{ url }: LocalUltimo,
	name: ActionName,
	body: object,
): Promise<string> {
	const response = await fetch(`${url}/api/v1/action/${name}`, {
		method: 'POST',
		headers: {
			ApiKey: defaults.apiKey,
			ApplicationElementId: elementId(name),
			'Content-Type': 'application/json',
		},
		body: JSON.stringify(body),
	});
	const { properties } = (await response.json()) as { properties: { UltimoId: string } };
	return properties.UltimoId;
}

const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const times = (start: number, minutes: number) => ({
	StartTime: iso(start),
	EndTime: iso(start + minutes * MINUTE_MS),
});

/** From `inMinutes` on, in whole minutes. */
export const create = async (
	ultimo: LocalUltimo,
	SpaceId: string,
	inMinutes: number,
	length = 60,
) =>
	await outside(ultimo, 'REST_CreateReservation', {
		ExternalId: '',
		Description: `In ${inMinutes} minutes`,
		SpaceId,
		ApplicantId: 'ULTIMO',
		...times((Math.floor(Date.now() / MINUTE_MS) + inMinutes) * MINUTE_MS, length),
	});

/** All six events, while n8n is killed twice. */
export async function triggerThroughKills(
	n8n: Mortal,
	ultimo: LocalUltimo,
	credential: CredentialName,
	step: Step,
): Promise<void> {
	const seed = demoSeed(Date.now());
	const tomorrow = (SpaceId: string) =>
		seed.reservations.find(
			(one) => one.SpaceId === SpaceId && one.start > Date.now() + 12 * 60 * MINUTE_MS,
		) as Reservation;
	const [moved, cancelled] = [tomorrow('C-26'), tomorrow('003.0.10')];
	anew({ ultimo }, {}, { ...seed, reservations: [moved, cancelled] });

	const id = await step('is published: n8n polls at once, and nothing is told', async () => {
		const made = await publishTrigger(n8n.rest, credential);
		await polled(ultimo, 3);
		deepEqual((await toldSoFar(n8n.rest, made)).events, []);
		return made;
	});
	const short = await create(ultimo, 'C-25', 2, 1);
	await step('somebody reserves a room that is needed in two minutes', async () => {
		await told(n8n, id, [`created ${short}`, `startingSoon ${short}`]);
	});
	const [made] = await step('n8n is killed; meanwhile one is moved, made, cancelled', async () => {
		await n8n.kill();
		const { UltimoId, start } = moved;
		await outside(ultimo, 'REST_UpdateReservation', {
			UltimoId,
			...times(start + 30 * MINUTE_MS, 60),
		});
		await outside(ultimo, 'REST_CancelReservation', { UltimoId: cancelled.UltimoId });
		return [await create(ultimo, '003.0.10', 24 * 60)];
	});
	await step('n8n starts again, and tells the three', async () => {
		await n8n.start();
		await told(n8n, id, [
			`updated ${moved.UltimoId}`,
			`created ${made}`,
			`cancelled ${cancelled.UltimoId}`,
		]);
	});
	await step('the first one starts and ends', async () => {
		await told(n8n, id, [`started ${short}`, `ended ${short}`]);
	});
	await step('n8n is killed and starts once more, and tells nothing again', async () => {
		await n8n.kill();
		const before = ultimo.ledger.length;
		await n8n.start();
		await polled(ultimo, before + 3);
	});
	await step('each was told once', async () => {
		const { items, events, executions } = await toldSoFar(n8n.rest, id);
		console.table(items, [
			'execution',
			'event',
			'eventKey',
			'SpaceId',
			'Description',
			'minutesLate',
		]);
		deepEqual([...events].sort(), [
			`cancelled ${cancelled.UltimoId}`,
			...[made, short].map((one) => `created ${one}`).sort(),
			`ended ${short}`,
			`started ${short}`,
			`startingSoon ${short}`,
			`updated ${moved.UltimoId}`,
		]);
		equal(new Set(items.map(({ eventKey }) => eventKey)).size, items.length);
		deepEqual([...new Set(executions.map(({ status }) => status))], ['success']);
	});
}
