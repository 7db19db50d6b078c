import { deepEqual, equal, match } from 'node:assert/strict';
import { itemsOf } from '../n8n/execution.mts';
import type { Reservation } from '../ultimo/seed.mts';
import { anew, type Bed, deeds, importExample, requests, runFrom } from './bed.mts';
import { NEXT_ID, onDay } from './examples.mts';
import { startModel, type Situation, type Turn } from './model.mts';
import type { Step } from './steps.mts';

const QUESTION = 'Which room is free tomorrow at 10? Book it for an hour for Ms Bakker.';
const hour = (from: number) => ({
	Start_Time: onDay(1, from).toFormat("yyyy-MM-dd'T'HH:mm:ss"),
	End_Time: onDay(1, from + 1).toFormat("yyyy-MM-dd'T'HH:mm:ss"),
});
const reading = (answer: string, field: string) =>
	new RegExp(`"${field}":"([^"]+)"`).exec(answer)?.[1] ?? `no ${field}`;

/** Does what a model would, from what the tools tell it and nothing else. */
function book({ answers }: Situation): Turn {
	const [people, rooms, reserved] = answers;
	if (!people) return { call: 'People', with: { Search: 'Bakker' } };
	if (!rooms) return { call: 'Free_rooms', with: hour(10) };
	if (reserved) return { say: `${reading(reserved, 'SpaceId')} is booked.` };
	const [Space, Applicant] = [reading(rooms, 'SpaceId'), reading(people, 'ApplicantId')];
	return { call: 'Reserve', with: { Space, Applicant, Subject: 'Interview', ...hour(10) } };
}

/** Looks for who is not there, and wants a room that is taken for who is known by address only. */
function fail({ answers }: Situation): Turn {
	const [people, taken, stranger] = answers;
	const wish = { Space: 'C-25', Subject: 'Interview', ...hour(10) };
	if (!people) return { call: 'People', with: { Search: 'Nobody' } };
	if (!taken) return { call: 'Reserve', with: { ...wish, Applicant: 'm.bakker@example.com' } };
	if (!stranger) return { call: 'Reserve', with: { ...wish, Applicant: 'no@example.com' } };
	return { say: answers.join('\n') };
}

async function ask(bed: Bed, think: (situation: Situation) => Turn) {
	const model = await startModel(think);
	try {
		const { id, name } = await bed.rest.post('/rest/credentials', {
			name: 'Model',
			type: 'openAiApi',
			data: { apiKey: 'none', url: model.url },
		});
		const pinData = { Chat: [{ json: { chatInput: QUESTION, sessionId: '1' } }] };
		const setUp = (node: { name: string }) =>
			node.name === 'Model' ? { credentials: { openAiApi: { id, name } } } : {};
		anew(bed);
		const workflow = await importExample(bed, 'agent-books-room.json', setUp, pinData);
		const run = await runFrom(bed, workflow.id, 'Chat');
		const { message } = run.data.resultData.error ?? {};
		equal(run.status, 'success', message);
		return { says: String(itemsOf(run, 'Assistant')[0]?.json.output), seen: model.situations };
	} finally {
		await model.stop();
	}
}

export async function agentBooks(bed: Bed, step: Step): Promise<void> {
	const { says, seen } = await step('a model is asked, and answers', async () => {
		return await ask(bed, book);
	});
	await step('it was offered three tools, with what to fill in and nothing else', async () => {
		deepEqual(
			Object.fromEntries(
				seen[0].tools.map(({ name, parameters }) => [name, Object.keys(parameters.properties)]),
			),
			{
				People: ['Search'],
				Free_rooms: ['Start_Time', 'End_Time'],
				Reserve: ['Space', 'Applicant', 'Start_Time', 'End_Time', 'Subject'],
			},
		);
	});
	await step('it has booked a free room for the colleague, once, and says which', async () => {
		const { SpaceId, ApplicantId, start } = bed.ultimo.reservations.get(NEXT_ID) as Reservation;
		deepEqual(deeds(bed), [`created ${NEXT_ID}`]);
		deepEqual([ApplicantId, start], ['BAKKER', onDay(1, 10).toMillis()]);
		equal(says, `${SpaceId} is booked.`);
		deepEqual(requests(bed), { Employee: 1, Space: 1, Get: 8, Create: 1 });
	});
	await step('"nothing found", a refusal and a mistake come to it in words', async () => {
		const { says } = await ask(bed, fail);
		match(says, /Nothing in Ultimo fits/);
		match(says, /not available.*The space is taken at that time.*Job interview.*was changed/);
		match(says, /Nobody in Ultimo has the e-mail address no@example.com.*was changed/);
		deepEqual(deeds(bed), []);
	});
}
