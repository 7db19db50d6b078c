import { deepEqual, equal } from 'node:assert/strict';
import { itemsOf } from '../n8n/execution.mts';
import { inThePast } from '../ultimo/refusals.mts';
import { demoSeed, type Reservation } from '../ultimo/seed.mts';
import { deeds, importExample, requests, runFrom, type Bed } from './bed.mts';
import { beginWith, call, DAY_MS, PAST_IN_N8N, ZONE } from './examples.mts';
import type { Step } from './steps.mts';

export async function calendarSync(bed: Bed, step: Step): Promise<void> {
	const { ultimo, rest } = bed;
	ultimo.setOptions({ seed: demoSeed(Date.now(), ZONE), refuse: {} });
	ultimo.reset();
	const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
	const time = (days: number, hours: number) => ({
		dateTime: new Date(hour + days * DAY_MS + hours * 3_600_000).toISOString(),
	});
	const event = { id: 'event-1', summary: 'Quarterly planning', location: 'C-25' };
	const first = { ...event, start: time(10, 0), end: time(10, 1) };
	const later = { ...event, start: time(11, 0), end: time(11, 2) };
	const last = { start: time(12, 0), end: time(12, 1) };
	const UltimoId = '00000006731';

	const { id: project } = await rest.get('/rest/projects/personal');
	const tables = `/rest/projects/${project}/data-tables`;
	const rows = async () => {
		const { data } = await rest.get<{ data: Array<Record<string, string>> }>(
			`${tables}/${table}/rows`,
		);
		return data.map((row) => [row.ExternalId, row.UltimoId]);
	};
	const tell = async (change: string, content: object) => {
		ultimo.ledger.length = 0;
		await call(bed, 'ultimo-calendar', { change, ...content });
	};

	const table: string = await step('its data table is made', async () => {
		const columns = ['ExternalId', 'UltimoId'].map((name) => ({ name, type: 'string' }));
		return (await rest.post(tables, { name: 'Ultimo calendar pairs', columns })).id;
	});
	await step('is imported and published', async () => {
		await rest.publish(await importExample(bed, 'calendar-sync.json'));
	});
	await step('a created event reserves the room, and the pair of ids is kept', async () => {
		await tell('created', first);
		deepEqual(deeds(bed), [`created ${UltimoId}`]);
		deepEqual(await rows(), [['event-1', UltimoId]]);
		const { SpaceId, start, ExternalId } = ultimo.reservations.get(UltimoId) as Reservation;
		deepEqual([SpaceId, ExternalId, start], ['C-25', 'event-1', Date.parse(first.start.dateTime)]);
	});
	await step('told twice, it is reserved once', async () => {
		await tell('created', first);
		deepEqual(requests(bed), {});
		equal((await rows()).length, 1);
	});
	await step('a moved event moves the reservation', async () => {
		await tell('moved', later);
		deepEqual(deeds(bed), [`updated ${UltimoId}`]);
		const { start, end } = ultimo.reservations.get(UltimoId) as Reservation;
		deepEqual(
			[start, end],
			[later.start, later.end].map(({ dateTime }) => Date.parse(dateTime)),
		);
	});
	await step('an event that has no reservation here changes nothing', async () => {
		await tell('moved', { ...later, id: 'event-2' });
		await tell('deleted', { ...later, id: 'event-2' });
		deepEqual(requests(bed), {});
	});
	await step(
		'a deleted event cancels the reservation once, and the pair is forgotten',
		async () => {
			await tell('deleted', later);
			deepEqual(deeds(bed), [`cancelled ${UltimoId}`]);
			deepEqual(await rows(), []);
			await tell('deleted', later);
			deepEqual(requests(bed), {});
		},
	);
	await step('of three events at once, one is reserved and kept, two are reported', async () => {
		const date = first.start.dateTime.slice(0, 10);
		const allDay = { ...event, id: 'event-3', start: { date }, end: { date } };
		const [good, taken] = ['event-4', 'event-5'].map((id) => ({ ...first, id }));
		ultimo.ledger.length = 0;
		const run = await poll(bed, 'Google: created', [allDay, good, taken]);
		equal(run.status, 'success');
		deepEqual(deeds(bed), ['created 00000006732']);
		deepEqual(await rows(), [['event-4', '00000006732']]);
		const [{ json }] = itemsOf(run, 'All in one list');
		beginWith(json.problems as string[], [
			'Quarterly planning (event event-3). Start Time: the time is empty',
			'Quarterly planning (event event-5). Room reservation cannot be requested',
		]);
	});
	await step(
		'of two moved at once, the one that can be is moved, the other is reported',
		async () => {
			await tell('created', { ...later, id: 'event-6' });
			const [moved, taken] = ['event-4', 'event-6'].map((id) => ({ ...event, id, ...last }));
			ultimo.ledger.length = 0;
			const run = await poll(bed, 'Google: moved', [moved, taken]);
			deepEqual(deeds(bed), ['updated 00000006732']);
			const [{ json }] = itemsOf(run, 'All in one list');
			beginWith(json.problems as string[], [
				'Reservation 00000006733 (event event-6). Room reservation cannot be',
			]);
		},
	);
	await step('of two deleted at once, the pair of the one that is refused is kept', async () => {
		ultimo.setOptions({ refuse: { '00000006732': inThePast } });
		const run = await poll(bed, 'Google: deleted', [{ id: 'event-4' }, { id: 'event-6' }]);
		deepEqual(deeds(bed).slice(-1), ['cancelled 00000006733']);
		deepEqual(await rows(), [['event-4', '00000006732']]);
		const [{ json }] = itemsOf(run, 'All in one list');
		beginWith(json.problems as string[], [
			`Reservation 00000006732 (event event-4). ${PAST_IN_N8N}`,
		]);
	});
}

/** Runs the example as if one of its Google triggers, turned on, had found these events at a poll. */
async function poll(bed: Bed, trigger: string, events: object[]) {
	const { id } = await importExample(bed, 'calendar-sync.json', (content) => ({
		...content,
		nodes: content.nodes.map((node) => ({
			...node,
			disabled: node.disabled && node.name !== trigger,
		})),
		pinData: { [trigger]: events.map((json) => ({ json })) },
	}));
	return await runFrom(bed, id, trigger);
}
