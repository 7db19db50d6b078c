import { at, withFixture } from '../support/fixture.mts';
import type { UltimoOptions } from '../../dev/ultimo/server.mts';

const { create, list, ultimo } = withFixture();

const made = '00000006714';
const refused = { status: 400, body: { code: '9004' } };

describe('a time without Z', () => {
	it.each<[string, Partial<UltimoOptions>, string]>([
		['the environment’s', {}, '07T12:00'],
		['another environment’s', { zone: 'UTC-01:00' }, '07T15:00'],
		['UTC', { timeWithoutZ: 'utc' }, '07T14:00'],
		['UTC in another environment', { timeWithoutZ: 'utc', zone: 'UTC-01:00' }, '07T14:00'],
	])('%s', async (_name, options, start) => {
		ultimo.setOptions(options);
		await create({ StartTime: '2030-05-07 14:00:00', EndTime: '2030-05-07T17:00:00Z' });
		expect(ultimo.reservations.get(made)?.start).toBe(at(start));
	});

	it('refused, and with Z as ever', async () => {
		ultimo.setOptions({ timeWithoutZ: 'refused' });
		expect(await create({ StartTime: '2030-05-07 10:30:00' })).toMatchObject(refused);
		expect((await create()).status).toBe(200);
	});
});

describe('summer time', () => {
	it('has a time that it skips refused', async () => {
		expect(await create({ StartTime: '2031-03-30 02:30:00' })).toMatchObject(refused);
	});

	it('ends in what Get prints', async () => {
		await create({ StartTime: '2030-10-26 23:30:00', EndTime: '2030-10-27T02:00:00Z' });
		const { body } = await list({ From: '2030-10-26T00:00:00Z', Till: '2030-10-28T00:00:00Z' });
		expect(body.properties.Output.collection).toMatchObject([
			{
				StartTime: '2030-10-26T23:30:00.000000+02:00',
				EndTime: '2030-10-27T03:00:00.000000+01:00',
			},
		]);
	});
});
