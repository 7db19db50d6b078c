import { first, noon, seed, withFixture } from '../support/fixture.mts';

const { cancel, create, ultimo } = withFixture();

const state = async (day = '') =>
	JSON.parse(await (await fetch(`${ultimo.url}/state?day=${day}`)).text());

describe('what the page is told', () => {
	it('is all of a reservation, a space and a person', async () => {
		await cancel(first);
		ultimo.setOptions({ freshHolds: false, freshStatus: 'Requested' });
		await create();
		const told = await state();
		expect(told).toMatchObject({
			apiKey: 'demo-key',
			wallNow: '2030-05-06T14:00:00',
			today: '2030-05-06',
			people: [{ id: 'ULTIMO', name: 'Fasse, J.', hasLeft: false }],
		});
		expect(told.spaces[1]).toEqual({
			id: '003.0.10',
			name: 'Board room',
			preparationMinutes: 15,
			cleanupMinutes: 30,
		});
		const shown = new Map(
			told.reservations.map((one: { UltimoId: string }) => [one.UltimoId, one]),
		);
		expect(shown.get(first)).toEqual({
			UltimoId: first,
			ExternalId: `cal-${first}`,
			Description: 'Team meeting Front office',
			SpaceId: 'C-25',
			ApplicantId: 'ULTIMO',
			ApplicantName: 'Fasse, J.',
			status: 'Cancelled',
			cancelledAt: noon,
			from: 2040,
			till: 2100,
		});
		expect(shown.get('00000006714')).toMatchObject({ status: 'Requested', holds: false });
	});

	it.each([
		['today', '', '2030-05-06', 4, 2040],
		['another day', '2030-05-07', '2030-05-07', 3, 600],
		['the day after them', '2030-05-08', '2030-05-08', 0, undefined],
		['years before', '1999-12-31', '1999-12-31', 0, undefined],
		['no day', 'tomorrow', '2030-05-06', 4, 2040],
		['no such day', '2030-13-40', '2030-05-06', 4, 2040],
	])('of %s', async (_name, day, firstDay, count, from) => {
		const { days, reservations } = await state(day);
		expect([days[0], days.length, reservations.length]).toEqual([firstDay, 3, count]);
		const one = reservations.find(({ UltimoId }: { UltimoId: string }) => UltimoId === first);
		expect(one?.from).toBe(from);
	});

	it('is as at the start after Reset', async () => {
		await cancel(first);
		expect((await fetch(`${ultimo.url}/reset`, { method: 'POST' })).status).toBe(204);
		expect(ultimo.ledger).toEqual([]);
		expect([...ultimo.reservations.values()]).toEqual(seed.reservations);
	});
});
