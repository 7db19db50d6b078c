import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { DateTime } from 'luxon';
import { itemsOf } from '../n8n/execution.mts';
import { callWebhook } from '../n8n/webhook.mts';
import { inThePast } from '../ultimo/refusals.mts';
import { demoSeed } from '../ultimo/seed.mts';
import {
	anew,
	deeds,
	importExample,
	publishExample,
	requests,
	runFrom,
	WEBHOOK_KEY,
	type Bed,
	type ExampleNode,
	ZONE,
} from './bed.mts';
import type { Step } from './steps.mts';

/** Where the node's message begins with Ultimo's words, in one line; its advice may follow. */
export const PAST_IN_N8N =
	'Room reservation cannot be modified. Cause: Room reservation is in the past';
/** The first id that Ultimo gives after those of the demo. */
export const NEXT_ID = '00000006735';

/** So many days from now at this hour, by Ultimo's clock. */
export const onDay = (days: number, hour = 0, minute = 0) =>
	DateTime.now().setZone(ZONE).startOf('day').plus({ days }).set({ hour, minute });

/** As a person writes it, by Ultimo's clock. */
export const clock = (ms: number) =>
	DateTime.fromMillis(ms, { zone: ZONE }).toFormat('ccc d LLL HH:mm');

export function beginWith(texts: unknown[], beginnings: string[]) {
	const fits = texts.length === beginnings.length;
	const each = texts.every((text, index) => String(text).startsWith(beginnings[index]));
	ok(fits && each, `${JSON.stringify(texts)}\ndoes not begin with\n${JSON.stringify(beginnings)}`);
}

/** Calls a webhook as who has its key, after which only this call's requests are in the ledger. */
export async function call({ url, ultimo }: Bed, path: string, body: object) {
	ultimo.ledger.length = 0;
	const headers = { [WEBHOOK_KEY.name]: WEBHOOK_KEY.value };
	const response = await callWebhook(`${url}/webhook/${path}`, body, undefined, headers);
	const text = await response.text();
	try {
		return { status: response.status, answer: JSON.parse(text) };
	} catch {
		throw new Error(`n8n answered ${response.status}: ${text}`);
	}
}

export async function asksForItsKey(bed: Bed, path: string, step: Step): Promise<void> {
	await step('who does not have the key of its webhook gets nowhere', async () => {
		bed.ultimo.ledger.length = 0;
		equal((await callWebhook(`${bed.url}/webhook/${path}`)).status, 403);
		deepEqual(requests(bed), {});
	});
}

/** Bakker leaves tomorrow; of the two reservations of the day after, Ultimo refuses one. */
export async function leaverFreesRooms(bed: Bed, step: Step): Promise<void> {
	const [kept, freed] = ['00000006725', '00000006720'];
	const path = 'ultimo-employee-leaves';
	const lastDay = onDay(1).toISODate();
	const leaves = async (email: string) => await call(bed, path, { email, lastDay });

	await step('is imported, finds the credential by its name, and is published', async () => {
		anew(bed, { [kept]: inThePast });
		await publishExample(bed, 'leaver-free-rooms.json');
	});
	await asksForItsKey(bed, path, step);
	await step('answers HR with what was cancelled, and what was not and why', async () => {
		const { status, answer } = await leaves('m.bakker@example.com');
		equal(status, 422);
		deepEqual(
			answer.reservations.map((one: Record<string, unknown>) =>
				['UltimoId', 'SpaceId', 'Description', 'cancelled'].map((name) => one[name]),
			),
			[[freed, 'C-25', 'Stand-up Facilities', true]],
		);
		equal(answer.problems.length, 1);
		match(answer.problems[0], new RegExp(`^A-101, .*T13:00:00.*, Onboarding: ${PAST_IN_N8N}`));
	});
	await step('cancelled that one reservation once, and asked no more than it had to', async () => {
		deepEqual(deeds(bed), [`cancelled ${freed}`]);
		deepEqual(requests(bed), { Employee: 1, Space: 1, Get: 8, Cancel: 2 });
	});
	await step('answers HR too when there is nothing to cancel', async () => {
		const nothing = { status: 200, answer: { reservations: [], problems: [] } };
		deepEqual(await leaves('m.tanaka@example.com'), nothing);
		deepEqual(requests(bed), { Employee: 1, Space: 1, Get: 8 });
	});
	await step('a person whom Ultimo does not know is an error to HR', async () => {
		const { status, answer } = await leaves('nobody@example.com');
		equal(status, 422);
		beginWith(answer.problems, ['Nobody in Ultimo has the e-mail address nobody@example.com.']);
		deepEqual(answer.reservations, []);
		deepEqual(requests(bed), { Employee: 1 });
	});
	await step('what goes on over the last day stays, and HR is told of it', async () => {
		const demo = demoSeed(Date.now());
		const [start, end] = [onDay(1, 20), onDay(2, 8)].map(Number);
		anew(bed, {}, { ...demo, reservations: [{ ...demo.reservations[1], start, end }] });
		const { status, answer } = await leaves('m.bakker@example.com');
		deepEqual([status, answer.reservations, deeds(bed)], [422, [], []]);
		match(answer.problems.join(), /^C-25, .*T20:00:00.*, Job interview: begins by the last day/);
	});
	await step('a day that is none is an error to HR, and nothing is asked', async () => {
		const email = 'm.bakker@example.com';
		const { status, answer } = await call(bed, path, { email, lastDay: 'tomorrow' });
		equal(status, 422);
		beginWith(answer.problems, ['From: the date is invalid']);
		deepEqual(requests(bed), {});
	});
}

/** In place of the mail node: what it would have sent. */
function mailAsItem({ type, parameters: { subject, text } }: ExampleNode): Partial<ExampleNode> {
	if (type !== 'n8n-nodes-base.emailSend') return {};
	const assignments = Object.entries({ subject, text }).map(([name, value]) => ({
		...{ id: name, name, value, type: 'string' },
	}));
	return {
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		disabled: false,
		parameters: { assignments: { assignments }, options: {} },
	};
}

export async function nightlyCleanup(bed: Bed, step: Step): Promise<void> {
	const file = 'nightly-cleanup.json';
	const [freed, refused] = ['00000006733', '00000006734'];
	await step('as imported, it finds the held rooms of the demo and cancels none', async () => {
		anew(bed);
		const run = await runFrom(bed, (await importExample(bed, file)).id, 'Every night');
		equal(run.status, 'success');
		deepEqual(
			itemsOf(run, 'Free the rooms').map(({ json: { UltimoId, dryRun } }) => [UltimoId, dryRun]),
			[refused, freed].map((id) => [id, true]),
		);
		deepEqual(deeds(bed), []);
	});
	const run = await step('with Dry Run off, its night comes', async () => {
		anew(bed, { [refused]: inThePast });
		const { id } = await importExample(bed, file, (node) => {
			if (node.name !== 'Free the rooms') return mailAsItem(node);
			return { parameters: { ...node.parameters, options: { includeInputFields: true } } };
		});
		return await runFrom(bed, id, 'Every night');
	});
	await step('cancelled the one that can be, and asked no more than it had to', async () => {
		equal(run.status, 'success');
		deepEqual(deeds(bed), [`cancelled ${freed}`]);
		deepEqual(requests(bed), { Space: 1, Get: 8, Cancel: 2 });
	});
	await step('reports the one that failed, with all that was known of it', async () => {
		const [{ json }, ...more] = itemsOf(run, 'Send the report');
		deepEqual(more, []);
		equal(json.subject, 'Held rooms that could not be freed: 1');
		match(String(json.text), new RegExp(`^A-101, .*T17:30:00.*, Novak, P.: ${PAST_IN_N8N}`));
	});
}

export async function bookFirstFree(bed: Bed, step: Step): Promise<void> {
	const path = 'ultimo-book-room';
	const wanted = {
		email: 'j.fasse@example.com',
		subject: 'Interview',
		start: onDay(1, 10).toISO(),
		end: onDay(1, 10, 30).toISO(),
	};
	await step('is imported and published', async () => {
		anew(bed);
		await publishExample(bed, 'book-first-free.json');
	});
	await asksForItsKey(bed, path, step);
	await step('of two meeting rooms, of which the first is taken, reserves the other', async () => {
		const { status, answer } = await call(bed, path, wanted);
		const { UltimoId, SpaceId, ApplicantId, created } = answer;
		deepEqual(
			{ status, UltimoId, SpaceId, ApplicantId, created },
			{ status: 200, UltimoId: NEXT_ID, SpaceId: 'C-26', ApplicantId: 'ULTIMO', created: true },
		);
		deepEqual(deeds(bed), [`created ${NEXT_ID}`]);
		deepEqual(requests(bed), { Space: 1, Employee: 1, Get: 2, Create: 2 });
	});
	await step('asked for it again, answers with the same', async () => {
		const { status, answer } = await call(bed, path, wanted);
		deepEqual([status, answer.UltimoId, answer.created], [200, NEXT_ID, false]);
		deepEqual(deeds(bed), []);
	});
	await step('says that all are taken', async () => {
		const [start, end] = [onDay(1, 10, 30), onDay(1, 11)].map((time) => time.toISO());
		const { status, answer } = await call(bed, path, { ...wanted, start, end });
		equal(status, 422);
		beginWith([answer.problem], ['All 2 spaces are taken at that time: C-25, C-26']);
		deepEqual(deeds(bed), []);
	});
}
