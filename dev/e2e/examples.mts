import { deepEqual, equal, ok } from 'node:assert/strict';
import { DateTime } from 'luxon';
import { itemsOf } from '../n8n/execution.mts';
import { callWebhook } from '../n8n/webhook.mts';
import { inThePast } from '../ultimo/refusals.mts';
import { demoSeed, type Reservation } from '../ultimo/seed.mts';
import { deeds, importExample, requests, runFrom, type Bed } from './bed.mts';
import type { Step } from './steps.mts';

export const ZONE = 'Europe/Amsterdam';
export const DAY_MS = 86_400_000;
/** Where the node's message begins with Ultimo's words, in one line; its advice may follow. */
export const PAST_IN_N8N =
	'Room reservation cannot be modified. Cause: Room reservation is in the past';

/** As a person writes it, by Ultimo's clock. */
const clock = (ms: number) => DateTime.fromMillis(ms, { zone: ZONE }).toFormat('ccc d LLL HH:mm');

export function beginWith(texts: unknown[], beginnings: string[]) {
	const fits = texts.length === beginnings.length;
	const each = texts.every((text, index) => String(text).startsWith(beginnings[index]));
	ok(fits && each, `${JSON.stringify(texts)}\ndoes not begin with\n${JSON.stringify(beginnings)}`);
}

export async function call({ url }: Bed, path: string, body: object) {
	const response = await callWebhook(`${url}/webhook/${path}`, body);
	const text = await response.text();
	equal(response.status, 200, `n8n answered ${response.status}: ${text}`);
	return text === '' ? undefined : JSON.parse(text);
}

/** Bakker leaves tomorrow; of the two reservations of the day after, Ultimo refuses one. */
export async function leaverFreesRooms(bed: Bed, step: Step): Promise<void> {
	const { ultimo } = bed;
	const [kept, freed] = ['00000006725', '00000006720'];
	ultimo.setOptions({ seed: demoSeed(Date.now(), ZONE), refuse: { [kept]: inThePast } });
	ultimo.reset();
	const lastDay = new Date(Date.now() + DAY_MS + 2 * 3_600_000).toISOString().slice(0, 10);
	const at = (id: string) => clock((ultimo.reservations.get(id) as Reservation).start);
	const path = 'ultimo-employee-leaves';

	await step('is imported, finds the credential by its name, and is published', async () => {
		await bed.rest.publish(await importExample(bed, 'leaver-free-rooms.json'));
	});
	await step('answers HR with what was cancelled, and what was not and why', async () => {
		const { notCancelled, ...answer } = await call(bed, path, { employeeId: 'BAKKER', lastDay });
		deepEqual(answer, {
			employeeId: 'BAKKER',
			cancelled: [`C-25, ${at(freed)}: Stand-up Facilities`],
		});
		beginWith(notCancelled, [`A-101, ${at(kept)}: Onboarding. ${PAST_IN_N8N}`]);
	});
	await step('cancelled that one reservation once, and asked no more than it had to', async () => {
		deepEqual(deeds(bed), [`cancelled ${freed}`]);
		deepEqual(requests(bed), { Get: 5, Cancel: 2 });
	});
	await step('answers HR too when there is nothing to cancel', async () => {
		ultimo.reset();
		deepEqual(await call(bed, path, { employeeId: 'NOBODY', lastDay }), {
			employeeId: 'NOBODY',
			cancelled: [],
			notCancelled: [],
		});
		deepEqual(requests(bed), { Get: 5 });
	});
}

/** Three held reservations in the coming day, of which Ultimo refuses one, and what is none of those. */
function heldSeed(now: number) {
	const seed = demoSeed(now, ZONE);
	const template = seed.reservations[0];
	const one = (UltimoId: string, SpaceId: string, hours: number, Description: string) => {
		const start = Math.floor(now / 3_600_000) * 3_600_000 + hours * 3_600_000;
		return { ...template, UltimoId, SpaceId, Description, start, end: start + 3_600_000 };
	};
	seed.reservations = [
		one('00000000001', 'C-25', 5, '[hold] Visitors'),
		one('00000000002', 'C-25', 7, 'Visitors'),
		one('00000000003', 'C-26', 6, 'Board [HOLD]'),
		one('00000000004', 'A-101', 8, '[hold] Training'),
		one('00000000005', 'A-101', 50, '[hold] Not yet due'),
	];
	return seed;
}

export async function nightlyCleanup(bed: Bed, step: Step): Promise<void> {
	const { ultimo } = bed;
	const refused = '00000000004';
	ultimo.setOptions({ seed: heldSeed(Date.now()), refuse: { [refused]: inThePast } });
	ultimo.reset();
	const { start } = ultimo.reservations.get(refused) as Reservation;

	const { id } = await step(
		'is imported',
		async () => await importExample(bed, 'nightly-cleanup.json'),
	);
	const run = await step('its night comes', async () => await runFrom(bed, id, 'Every night'));
	await step(
		'cancelled the held reservations of the coming day, each once, and no others',
		async () => {
			equal(run.status, 'success');
			deepEqual(deeds(bed).sort(), ['cancelled 00000000001', 'cancelled 00000000003']);
			deepEqual(requests(bed), { Get: 5, Cancel: 3 });
		},
	);
	await step(
		'the error branch has the one that failed, with all that was known of it',
		async () => {
			const [, failed] = run.data.resultData.runData['Free the room'][0].data?.main ?? [];
			const { UltimoId, SpaceId, Description, error } = failed?.[0].json ?? {};
			const { message, ...facts } = error as { message: string };
			deepEqual(
				{ count: failed?.length, UltimoId, SpaceId, Description, facts },
				{
					count: 1,
					UltimoId: refused,
					SpaceId: 'A-101',
					Description: '[hold] Training',
					facts: { code: '1166', httpStatus: 400, outcome: 'refused' },
				},
			);
			beginWith([message], [PAST_IN_N8N]);
		},
	);
	await step('the report names it', async () => {
		const [{ json }, ...more] = itemsOf(run, 'Write the report');
		deepEqual(more, []);
		equal(json.subject, 'Held rooms that could not be freed: 1');
		beginWith(
			[json.text],
			[`A-101, ${clock(start)}, Fasse, J.: [hold] Training (${refused}). ${PAST_IN_N8N}`],
		);
	});
}
