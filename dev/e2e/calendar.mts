import { deepEqual, equal } from 'node:assert/strict';
import type { DateTime } from 'luxon';
import { inThePast } from '../ultimo/refusals.mts';
import type { Reservation } from '../ultimo/seed.mts';
import { anew, type Bed, deeds, importExample, publishExample, requests, runFrom } from './bed.mts';
import { asksForItsKey, beginWith, call, onDay, PAST_IN_N8N } from './examples.mts';
import type { Step } from './steps.mts';

const FILE = 'calendar-sync.json';
const PATH = 'ultimo-calendar';
const id = (number: number) => `0000000${number}`;

/** As Google writes an event. */
const google = (name: string, location: string | undefined, start: DateTime, more = {}) => ({
	...{ id: name, summary: 'Quarterly planning', location },
	organizer: { email: 'J.Fasse@example.com' },
	start: { dateTime: start.toISO(), timeZone: 'Europe/Amsterdam' },
	end: { dateTime: start.plus({ hours: 1 }).toISO(), timeZone: 'Europe/Amsterdam' },
	...more,
});

/** As Microsoft Graph writes one: the clock of a zone, and the zone beside it. */
function outlook(name: string, address: string, start: DateTime, timeZone: string) {
	const time = (moment: DateTime) => ({
		dateTime: moment.setZone(timeZone).toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'0000'"),
		timeZone,
	});
	return {
		...{ id: name, subject: '', location: { displayName: 'Upstairs' } },
		organizer: { emailAddress: { name: 'Bakker, M.', address: 'm.bakker@example.com' } },
		attendees: [{ type: 'resource', emailAddress: { name: 'Training', address } }],
		...{ start: time(start), end: time(start.plus({ hours: 1 })) },
	};
}

export async function calendarSync(bed: Bed, step: Step): Promise<void> {
	const { ultimo, rest } = bed;
	const { id: project } = await rest.get('/rest/projects/personal');
	const tables = `/rest/projects/${project}/data-tables`;
	const rows = async () => {
		type Row = Record<string, string>;
		const { data } = await rest.get<{ data: Row[] }>(`${tables}/${table}/rows`);
		return data.map(({ ExternalId, UltimoId, SpaceId }) => [ExternalId, UltimoId, SpaceId]).sort();
	};
	const tell = async (event: object, problems: string[] = []) => {
		const { status, answer } = await call(bed, PATH, event);
		beginWith(answer.problems, problems);
		equal(status, problems.length > 0 ? 422 : 200);
	};
	const reserved = (number: number) => ultimo.reservations.get(id(number)) as Reservation;
	const [first, later] = [onDay(10, 9), onDay(11, 14)];

	const table = await step('its data table is made', async () => {
		const columns = ['ExternalId', 'UltimoId', 'SpaceId'].map((name) => ({ name, type: 'string' }));
		return (await rest.post(tables, { name: 'Ultimo calendar pairs', columns })).id;
	});
	await step('is imported and published', async () => {
		anew(bed);
		await publishExample(bed, FILE);
	});
	await asksForItsKey(bed, PATH, step);
	await step('an event of Google reserves the room of that name for its organizer', async () => {
		await tell(google('event-1', 'Meeting room 2, Main building', first));
		deepEqual(deeds(bed), [`created ${id(6735)}`]);
		deepEqual(requests(bed), { Space: 1, Employee: 1, Create: 1 });
		const { SpaceId, ApplicantId, Description, ExternalId, start } = reserved(6735);
		deepEqual(
			[SpaceId, ApplicantId, Description, ExternalId, start],
			['C-25', 'ULTIMO', 'Quarterly planning', 'event-1', first.toMillis()],
		);
		deepEqual(await rows(), [['event-1', id(6735), 'C-25']]);
	});
	await step('told twice, it is reserved once', async () => {
		await tell(google('event-1', 'C-25', first));
		deepEqual(requests(bed), { Space: 1, Update: 1 });
		deepEqual(await rows(), [['event-1', id(6735), 'C-25']]);
	});
	await step('at another time, the reservation moves', async () => {
		await tell(google('event-1', 'C-25', later));
		deepEqual(deeds(bed), [`updated ${id(6735)}`]);
		equal(reserved(6735).start, later.toMillis());
	});
	await step('in another room, that is reserved, then the old one is freed', async () => {
		await tell(google('event-1', 'C-26', later));
		deepEqual(deeds(bed), [`created ${id(6736)}`, `cancelled ${id(6735)}`]);
		deepEqual(await rows(), [['event-1', id(6736), 'C-26']]);
	});
	await step('where the other room is taken, the old one is kept, and that is told', async () => {
		await tell(google('event-2', 'C-25', later));
		await tell(google('event-2', 'C-26', later), ['Quarterly planning (event event-2): Room']);
		deepEqual(deeds(bed), []);
		deepEqual((await rows())[1], ['event-2', id(6737), 'C-25']);
	});
	await step("one of Outlook finds its room by address, and is in the event's zone", async () => {
		await tell(outlook('event-3', 'a-101@example.com', first, 'America/New_York'));
		const { SpaceId, ApplicantId, Description, start } = reserved(6738);
		deepEqual(
			[SpaceId, ApplicantId, Description, start],
			['A-101', 'BAKKER', '(no title)', first.toMillis()],
		);
	});
	await step(
		'no room, a zone that is none and a stranger are told, and change nothing',
		async () => {
			await tell(google('event-4', undefined, first), [
				'Quarterly planning (event event-4): its place is no room of Ultimo, or several: none',
			]);
			deepEqual(requests(bed), { Space: 1 });
			const nowhere = { ...google('event-4', 'C-25', first), summary: undefined };
			nowhere.start = { dateTime: '2030-01-01T09:00:00', timeZone: 'Nowhere' };
			await tell(nowhere, ['(no title) (event event-4): Start Time: the date is invalid']);
			const organizer = { email: 'nobody@example.com' };
			await tell(google('event-4', 'C-25', first, { organizer }), [
				'Quarterly planning (event event-4): Nobody in Ultimo has the e-mail address nobody@',
			]);
			deepEqual(deeds(bed), []);
		},
	);
	await step('a deleted one frees its room once, and its pair is forgotten', async () => {
		await tell({ id: 'event-3', change: 'deleted' });
		deepEqual(deeds(bed), [`cancelled ${id(6738)}`]);
		deepEqual(
			(await rows()).map(([ExternalId]) => ExternalId),
			['event-1', 'event-2'],
		);
		await tell({ id: 'event-3', change: 'deleted' });
		deepEqual(requests(bed), { Space: 1 });
	});
	await step('the pair of one that Ultimo does not cancel is kept', async () => {
		ultimo.setOptions({ refuse: { [id(6737)]: inThePast } });
		await tell({ id: 'event-2', change: 'deleted' }, [
			`(no title) (event event-2): ${PAST_IN_N8N}`,
		]);
		equal((await rows()).length, 2);
	});
	await step('of three that Google tells at once, one is reserved, two are reported', async () => {
		ultimo.ledger.length = 0;
		const problems = await poll(bed, 'Google: created', [
			google('event-5', undefined, first),
			google('event-6', 'C-26', onDay(12, 9)),
			google('event-7', 'C-26', later),
		]);
		deepEqual(deeds(bed), [`created ${id(6739)}`]);
		beginWith(problems.sort(), [
			'Quarterly planning (event event-5): its place is no room',
			'Quarterly planning (event event-7): Room reservation cannot be requested',
		]);
		deepEqual((await rows())[2], ['event-6', id(6739), 'C-26']);
	});
}

/** Runs the example as if one of its Google triggers, turned on, had found these events at a poll. */
async function poll(bed: Bed, trigger: string, events: object[]): Promise<unknown[]> {
	const pinData = { [trigger]: events.map((json) => ({ json })) };
	const turnedOn = ({ name, disabled }: { name: string; disabled?: boolean }) => ({
		disabled: disabled && name !== trigger,
	});
	const { id } = await importExample(bed, FILE, turnedOn, pinData);
	const run = await runFrom(bed, id, trigger);
	equal(run.status, 'success');
	const told = run.data.resultData.runData['What went wrong'] ?? [];
	return told.flatMap(({ data }) => data?.main[0] ?? []).map(({ json }) => json.problem);
}
