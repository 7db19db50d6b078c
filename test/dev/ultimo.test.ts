import {
	at,
	board,
	first,
	later,
	past,
	startFixture,
	type Fixture,
} from '../../dev/ultimo/fixture.mts';
import type { Reservation, UltimoOptions } from '../../dev/ultimo/server.mts';

let fixture: Fixture;
let cancel: Fixture['cancel'];
let create: Fixture['create'];
let list: Fixture['list'];
let update: Fixture['update'];
let ultimo: Fixture['ultimo'];
beforeAll(async () => {
	fixture = await startFixture();
	({ cancel, create, list, update, ultimo } = fixture);
});
afterAll(() => fixture.ultimo.stop());
beforeEach(() => fixture.restore());

const success = { properties: {} };

describe('the four actions', () => {
	it('cancels', async () => {
		expect(await cancel(first)).toMatchObject({ status: 200, body: success });
		expect(ultimo.reservations.get(first)?.status).toBe('Cancelled');
	});

	it('creates, with an empty ExternalId too', async () => {
		expect(await create()).toMatchObject({
			status: 200,
			body: { properties: { UltimoId: '00000006714' } },
		});
		expect(ultimo.reservations.get('00000006714')).toMatchObject({
			SpaceId: 'C-25',
			start: at('07T10:00'),
			end: at('07T11:00'),
		});
	});

	it('updates, and does not stand in its own way', async () => {
		expect(await update(later, '2030-05-07T09:30:00Z', '2030-05-07T10:30:00Z')).toMatchObject({
			status: 200,
			body: success,
		});
		expect(ultimo.reservations.get(later)?.start).toBe(at('07T09:30'));
	});

	it('lists exactly the documented fields, by start', async () => {
		const { body } = await list({ SpaceId: '003.0.10' });
		expect(body).toEqual({
			properties: {
				Output: {
					collection: [
						{
							UltimoId: board,
							Description: 'Team meeting Front office',
							ApplicantId: 'ULTIMO',
							ApplicantName: 'Fasse, J.',
							StartTime: '2030-05-07T10:00:00.000000+02:00',
							EndTime: '2030-05-07T12:00:00.000000+02:00',
							StartTimeIncludingPreparationTime: '2030-05-07T09:45:00.000000+02:00',
							EndTimeIncludingCleanupTime: '2030-05-07T12:30:00.000000+02:00',
							Status: 'Processed',
						},
					],
				},
			},
		});
		expect(await ids()).toEqual([first, later]);
	});

	it.each([
		['2030-05-07 14:00:00', 'the environment’s zone', '07T12:00'],
		['2030-05-07T14:00:00Z', 'UTC', '07T14:00'],
	])('reads %s in %s', async (StartTime, _zone, start) => {
		await create({ StartTime, EndTime: '2030-05-07T15:00:00Z' });
		expect(ultimo.reservations.get('00000006714')?.start).toBe(at(start));
	});
});

async function ids(changes: object = {}) {
	const { Output } = (await list(changes)).body.properties;
	return Output.collection.map(({ UltimoId }: Reservation) => UltimoId);
}

describe('what Get leaves open', () => {
	const half = { From: '2030-05-07T08:30:00Z', Till: '2030-05-07T10:00:00Z' };
	it.each<[string, Partial<UltimoOptions>, object, string[]]>([
		['overlap', {}, half, [first, later]],
		['containment', { rangeMeans: 'containment' }, half, [later]],
		['touching is not overlapping', {}, { ...half, From: '2030-05-07T09:00:00Z' }, [later]],
		['at most maxPerGet, the earliest', { maxPerGet: 1 }, {}, [first]],
		['another space', {}, { SpaceId: '003.0.10' }, [board]],
	])('%s', async (_name, options, body, expected) => {
		ultimo.setOptions(options);
		expect(await ids(body)).toEqual(expected);
	});

	it('cancelled ones only when asked to', async () => {
		await cancel(first);
		expect(await ids()).toEqual([later]);
		ultimo.setOptions({ includeCancelled: true });
		expect((await list()).body.properties.Output.collection[0]).toMatchObject({
			UltimoId: first,
			Status: 'Cancelled',
		});
	});

	it('Output as text, Properties, type as number, another offset', async () => {
		ultimo.setOptions({
			outputAsText: true,
			propertiesKey: 'Properties',
			typeAsNumber: true,
			utcOffset: '-03:30',
		});
		const { collection } = JSON.parse((await list()).body.Properties.Output);
		expect(collection[0].StartTime).toBe('2030-05-07T04:30:00.000000-03:30');
		expect((await cancel(past)).body.type).toBe(3);
	});
});
