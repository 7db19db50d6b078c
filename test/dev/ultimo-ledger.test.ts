import { at, board, first, later, noon, past, seed, withFixture } from '../support/fixture.mts';
import { manyReservations } from '../../dev/ultimo/seed.mts';

const { cancel, clock, create, post, ultimo } = withFixture();

describe('ledger', () => {
	it('counts each real cancellation, also of a cancelled reservation', async () => {
		await cancel(first);
		await cancel(first);
		ultimo.setOptions({ cancelAgain: 'refused' });
		expect((await cancel(first)).body.code).toBe('9005');
		expect(ultimo.cancellations(first)).toBe(2);
		expect(ultimo.table()).toContainEqual({
			UltimoId: first,
			status: 'Cancelled',
			timesCancelled: 2,
			requests: 3,
		});
	});

	it('has every request, and the API key nowhere', async () => {
		await create();
		await cancel(later, { ApiKey: 'other-secret' });
		await post('REST_CancelReservation', {}, {}, '/elsewhere');
		expect(ultimo.ledger).toMatchObject([
			{ seq: 1, at: noon, acted: 'created', ultimoId: '00000006714', apiKeyOk: true, status: 200 },
			{ seq: 2, acted: null, body: { UltimoId: later }, apiKeyOk: false, status: 401 },
			{ seq: 3, action: null, path: '/elsewhere', status: 404 },
		]);
		expect(ultimo.ledger[0].headers).toMatchObject({ apikey: '***' });
		for (const path of ['/', '/ledger']) {
			const text = await (await fetch(ultimo.url + path)).text();
			expect(text).not.toMatch(/demo-key|other-secret/);
		}
		expect(ultimo.ledger).toHaveLength(3);
	});

	it('is counted for the page', async () => {
		await cancel(first);
		clock.now += 10_000;
		ultimo.setOptions({ requestsPerWindow: 2 });
		await cancel(past);
		await cancel(later);
		await cancel(board);
		const window = { requests: 3, accepted: 1, refused: 1, overQuota: 1 };
		const total = { ...window, requests: 4, accepted: 2 };
		expect(ultimo.stats()).toEqual({ window, total });
		expect(await (await fetch(`${ultimo.url}/state`)).json()).toMatchObject({ window, total });
	});

	it('is emptied by reset, and the seed is untouched', async () => {
		await cancel(first);
		ultimo.reset();
		expect(ultimo.ledger).toEqual([]);
		expect([...ultimo.reservations.values()]).toEqual(seed.reservations);
	});
});

describe('seeds', () => {
	it('makes many that are in the future, apart, with ids of their own', () => {
		const many = manyReservations(500, 'C-25', noon);
		expect(new Set(many.map(({ UltimoId }) => UltimoId)).size).toBe(500);
		expect(many.every(({ start, SpaceId }) => start > noon && SpaceId === 'C-25')).toBe(true);
		many.slice(1).forEach(({ start }, index) => expect(start).toBe(many[index].end));
	});

	it('fills the days from today on by default, the first ids still to come', () => {
		ultimo.setOptions({ seed: undefined });
		ultimo.reset();
		const all = [...ultimo.reservations.values()];
		expect(all[0]).toMatchObject({ UltimoId: '00000006710', start: at('07T06:00') });
		expect(all.slice(0, 10).every(({ start }) => start > noon)).toBe(true);
		for (const one of all)
			for (const other of all)
				if (one !== other && one.SpaceId === other.SpaceId)
					expect(one.end <= other.start || other.end <= one.start).toBe(true);
	});
});
