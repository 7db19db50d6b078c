import { deepEqual, equal } from 'node:assert/strict';
import { demoSeed, type Reservation } from '../ultimo/seed.mts';
import { deeds, importExample, publish, requests, type Bed } from './bed.mts';
import { call, DAY_MS, ZONE } from './examples.mts';
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
	const UltimoId = '00000006731';

	const { id: project } = await rest.get('/rest/projects/personal');
	const tables = `/rest/projects/${project}/data-tables`;
	const rows = async () => {
		const { data } = await rest.get(`${tables}/${table}/rows`);
		return data.map((row: Record<string, string>) => [row.ExternalId, row.UltimoId]);
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
		await publish(bed, await importExample(bed, 'calendar-sync.json'));
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
}
