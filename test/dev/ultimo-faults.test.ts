import { first, noon, withFixture } from '../support/fixture.mts';
import { inThePast as refusal } from '../../dev/ultimo/refusals.mts';
import type { FaultKind, UltimoOptions } from '../../dev/ultimo/server.mts';

const { cancel, clock, list, ultimo } = withFixture();

const inThePast = { ...refusal, type: '3' };
const success = { properties: {} };

describe('quota', () => {
	const two = { requestsPerWindow: 2 };
	/** Each step: milliseconds after noon, and the status that a request then gets. */
	it.each<[string, object, string]>([
		['sliding', two, '0 200, 9000 200, 9999 429, 10000 200, 18999 429, 19000 200'],
		[
			'fixed',
			{ ...two, windowKind: 'fixed' },
			'9000 200, 9999 200, 9999 429, 10000 200, 10001 200, 10002 429',
		],
		['a shorter window', { ...two, windowMs: 100 }, '0 200, 0 200, 99 429, 100 200'],
		['none', { requestsPerWindow: 0, requestsPerDay: 0 }, '0 200, 0 200, 0 200'],
		[
			'refused ones count',
			{ ...two, refusedCount: true },
			'0 200, 0 200, 5000 429, 10000 200, 10001 429, 15000 429',
		],
		['a day', { requestsPerDay: 1 }, '0 200, 20000 429, 43199999 429, 43200000 200'],
	])('%s', async (_name, options, steps) => {
		ultimo.setOptions({ ...options });
		for (const step of steps.split(', ')) {
			const [after, status] = step.split(' ').map(Number);
			clock.now = noon + after;
			expect([after, (await list()).status]).toEqual([after, status]);
		}
	});

	it.each<[UltimoOptions['retryAfter'], string | null]>([
		['none', null],
		['seconds', '8'],
		['date', 'Mon, 06 May 2030 12:00:10 GMT'],
	])('Retry-After: %s', async (retryAfter, expected) => {
		ultimo.setOptions({ requestsPerWindow: 1, retryAfter });
		await list();
		clock.now += 2500;
		const { status, body, headers } = await list();
		expect([status, headers.get('retry-after')]).toEqual([429, expected]);
		expect(body.message).toContain('exceeded the quota');
	});

	it('says when to come back, by the refused ones too if they count', async () => {
		ultimo.setOptions({ requestsPerWindow: 1, refusedCount: true, retryAfter: 'seconds' });
		await list();
		clock.now += 4000;
		await list();
		clock.now += 1000;
		expect((await list()).headers.get('retry-after')).toBe('9');
	});

	it('is not used up by callers without a key', async () => {
		ultimo.setOptions({ requestsPerWindow: 1 });
		await cancel(first, { ApiKey: 'other' });
		expect((await cancel(first)).status).toBe(200);
	});
});

describe('faults', () => {
	const ok = 200;
	it.each<[FaultKind, number | null, boolean, unknown]>([
		['resetBefore', null, false, null],
		['resetAfter', null, true, null],
		['error500', 500, false, 'Internal Server Error'],
		['error500After', 500, true, 'Internal Server Error'],
		['html502', 502, false, expect.stringContaining('<html>')],
		['cutJson', ok, true, '{"proper'],
		['emptyBody', ok, true, ''],
		['errorIn200', ok, false, inThePast],
		['slow', ok, true, success],
		['tooMany', 429, false, { message: expect.any(String) }],
	])('%s: status %s, acts: %s', async (kind, status, acts, body) => {
		ultimo.setOptions({ faults: { seed: 1, rate: 1, kinds: [kind], slowMs: 0 } });
		const answer = await cancel(first).catch(() => ({ status: null, body: null }));
		expect(answer).toMatchObject({ status, body });
		expect(ultimo.cancellations(first)).toBe(acts ? 1 : 0);
		expect(ultimo.ledger).toMatchObject([
			{ fault: kind, status, acted: acts ? 'cancelled' : null },
		]);
	});

	const met = async (seedOfFaults: number, rate: number) => {
		ultimo.setOptions({ requestsPerWindow: 0, faults: { seed: seedOfFaults, rate, slowMs: 0 } });
		ultimo.reset();
		for (let index = 0; index < 60; index++) await list().catch(() => null);
		return ultimo.ledger.map(({ fault }) => fault ?? null);
	};

	it('are the same for the same seed, and a higher rate only adds some', async () => {
		const few = await met(7, 0.2);
		expect(await met(7, 0.2)).toEqual(few);
		expect(await met(8, 0.2)).not.toEqual(few);
		const many = await met(7, 0.6);
		expect(many.filter(Boolean).length).toBeGreaterThan(few.filter(Boolean).length);
		few.forEach((fault, index) => fault && expect(many[index]).toBe(fault));
		expect(await met(7, 0)).toEqual(Array(60).fill(null));
	});
});
