import { at, board, first, later, withFixture } from '../support/fixture.mts';

const { cancel, create, ids, list, ultimo, update } = withFixture();

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
});
