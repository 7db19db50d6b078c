import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { startUltimo } from '../../dev/ultimo/server.mts';
import { allOf, API_KEY, runNode, type Result } from '../support/n8n.mts';
import { inThePast, lost, ok, refusal, ultimo, withoutNetwork } from '../support/ultimo';
import { silentServer } from '../support/silent.mts';
import { fast, later, withFakeTime } from '../support/time.mts';

afterEach(() => jest.restoreAllMocks());

withoutNetwork();
withFakeTime();

const items = [{ UltimoId: '00000006710' }];
const onError = 'continueRegularOutput';
const run = async (options = {}) =>
	await fast(runNode({ items, node: { onError }, parameters: { options } }));
const errorOf = ({ items: [{ json }] }: Result) => json.error as Record<string, unknown>;

describe('faults', () => {
	it.each([
		['a lost connection', lost('ECONNRESET')],
		['a refused connection', lost('ECONNREFUSED')],
		['an unknown host', lost('ENOTFOUND')],
		['HTTP 500', { status: 500, body: 'Internal error' }],
		['HTML from a gateway', { status: 502, body: '<html>Bad gateway</html>' }],
		['a cut-off body', { body: '{"properties": {' }],
		['an empty body', { body: '' }],
	])('%s is repeated, three times at most, with growing waits', async (_, answer) => {
		const seen = ultimo((_body, index) => (index < 3 ? answer : ok));
		const before = Date.now();
		expect((await run()).items[0].json).toEqual({ UltimoId: '00000006710', cancelled: true });
		expect(seen).toHaveLength(4);
		expect(Date.now() - before).toBeGreaterThanOrEqual(7_000);

		nock.cleanAll();
		const hopeless = ultimo(() => answer);
		expect(errorOf(await run()).outcome).toMatch(/^(unknown|notSent)$/);
		expect(hopeless).toHaveLength(4);
	});

	it.each([
		['an explained error', inThePast, 'refused'],
		['an explained error in a 200', { body: { message: 'No', code: '1015' } }, 'refused'],
		['an explained error in a 500', refusal('1015', 'Taken', 500), 'refused'],
		['a refused key', { status: 401, body: { message: 'Missing API key' } }, 'refused'],
		['403', { status: 403 as const, body: '' }, 'refused'],
		['404 of a wrong URL', { status: 404, body: '<html></html>' }, 'refused'],
		['a redirect', { status: 302, headers: { location: 'https://evil.example/' } }, 'refused'],
		['a bad certificate', lost('DEPTH_ZERO_SELF_SIGNED_CERT'), 'notSent'],
	])('%s is final', async (_, answer, outcome) => {
		const seen = ultimo(() => answer);
		expect(errorOf(await run())).toMatchObject({ outcome });
		expect(seen).toHaveLength(1);
	});

	it('a refusal after a lost answer is never a plain failure', async () => {
		ultimo((_, index) => (index === 0 ? lost('ECONNRESET') : inThePast));
		expect(errorOf(await run())).toEqual({
			message:
				'Room reservation cannot be modified. Cause: Room reservation is in the past [1166]. The answer to an earlier try was lost (The connection was lost before Ultimo answered), so the reservation is probably cancelled. Look in Ultimo before you repeat it.',
			code: '1166',
			httpStatus: 400,
			outcome: 'unknown',
		});
	});

	it('an ignored code after a lost answer says that nobody knows', async () => {
		ultimo((_, index) => (index === 0 ? lost('ECONNRESET') : inThePast));
		const { items: out } = await run({ ignoreErrorCodes: '1166' });
		expect(out[0].json).toMatchObject({ cancelled: null, skipped: true, code: '1166' });
	});

	it('gives up on an answer after Timeout', async () => {
		nock.enableNetConnect('127.0.0.1');
		const silent = await silentServer();
		const credential = { baseUrl: silent.url };
		const parameters = { options: { timeout: 50 } };
		const error = errorOf(
			await fast(runNode({ items, node: { onError }, parameters, credential })),
		);
		await silent.stop();
		nock.disableNetConnect();
		expect(error).toMatchObject({ outcome: 'unknown', code: 'ECONNABORTED' });
		expect(error.message).toMatch(/^Ultimo did not answer in time/);
		expect(silent.requests()).toBe(4);
	});
});

it('a Timeout that is longer than a timer can be does not end at once', async () => {
	jest.useRealTimers();
	nock.enableNetConnect('127.0.0.1');
	const slow = await startUltimo({ apiKey: API_KEY, latencyMs: 30 });
	const UltimoId = '00000006712';
	const result = await runNode({
		items: [{ UltimoId }],
		parameters: { options: { timeout: 3e10 } },
		credential: { baseUrl: slow.url },
	});
	await slow.stop();
	nock.disableNetConnect();
	expect(result.items[0].json).toEqual({ UltimoId, cancelled: true });
});

describe('a used-up quota', () => {
	const usedUp = { status: 429, body: { message: 'Quota exceeded' } };

	it.each([
		{ headers: undefined, wait: 200 },
		{ headers: { 'retry-after': '7' }, wait: 7_000 },
	])('is waited for: $headers', async ({ headers, wait }) => {
		const seen = ultimo((_, index) => (index === 0 ? { ...usedUp, headers } : ok));
		const before = Date.now();
		const result = await run();
		expect(result.items[0].json).toEqual({ UltimoId: '00000006710', cancelled: true });
		expect(seen).toHaveLength(2);
		expect(Date.now() - before).toBeGreaterThanOrEqual(wait);
	});

	it('is not asked for in a flood when Ultimo says to come back at once', async () => {
		// Every wait as long as it is meant, whatever chance would do.
		jest.spyOn(Math, 'random').mockReturnValue(0.5);
		const seen = ultimo(() => ({ ...usedUp, headers: { 'retry-after': '0' } }));
		expect(errorOf(await run({ giveUpAfter: 20 })).outcome).toBe('notSent');
		expect(seen.length).toBeLessThanOrEqual(25);
	});

	it('that lasts is given up, with how far the run came', async () => {
		const many = Array.from({ length: 30 }, (_, row) => ({ UltimoId: `R${row}` }));
		jest.spyOn(Math, 'random').mockReturnValue(0.5);
		const seen = ultimo((_, index) => (index < 5 ? ok : usedUp));
		const before = Date.now();
		const parameters = { options: { maxConcurrency: 5, giveUpAfter: 60 } };
		const result = await fast(runNode({ items: many, node: { onError }, parameters }));
		expect(Date.now() - before).toBeGreaterThanOrEqual(60_000);
		const fates = result.items.map(
			({ json }) => (json.error as { outcome: string } | undefined)?.outcome ?? 'done',
		);
		expect(fates).toEqual([...Array(5).fill('done'), ...Array(25).fill('notSent')]);
		// Those that Ultimo throttled say so by its status.
		expect(result.items.map(({ json }) => (json.error as IDataObject)?.httpStatus)).toEqual([
			...Array(5).fill(undefined),
			...Array(5).fill(429),
			...Array(20).fill(undefined),
		]);
		expect(result.items[29].json.error).toMatchObject({
			message: expect.stringMatching(
				/^Quota exceeded \(5 of 30 items are done, nothing was accepted for \d+ seconds\)\. The 10,000 requests of the day are probably used up/,
			),
		});
		expect(seen.length).toBeLessThan(40);
	});

	it("that lasts is told as the day's, also when Ultimo asks each time to come back soon", async () => {
		ultimo(() => ({ ...usedUp, headers: { 'retry-after': '7' } }));
		const { message, outcome } = errorOf(await run({ giveUpAfter: 30 }));
		expect(outcome).toBe('notSent');
		expect(message).toContain('The 10,000 requests of the day are probably used up');
	});

	it('whose end is too far is given up at once, with the time to come back', async () => {
		const seen = ultimo(() => ({ ...usedUp, headers: { 'retry-after': '3600' } }));
		const before = Date.now();
		expect(errorOf(await run()).message).toMatch(/Ultimo asks to come back in 3[67]\d\d seconds/);
		expect(seen).toHaveLength(1);
		expect(Date.now() - before).toBeLessThan(60_000);
	});
});

it('Stop in the editor ends the wait, and says what was not sent', async () => {
	const seen = ultimo(() => ({ status: 429, body: { message: 'Quota exceeded' } }));
	let stop = () => {};
	const running = runNode({ items, started: (run) => (stop = run.stop) });
	const before = Date.now();
	later(3_000, () => stop());
	const { run: stopped } = await fast(running);
	expect(stopped.status).toBe('canceled');
	expect(Date.now() - before).toBeLessThan(9_000);
	// Probes at 0.4, 1.2 and 2.8 s, more or less; none later than the stop.
	expect(seen.length).toBeLessThanOrEqual(6);
	expect(new Set(seen.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});

it('a long wait for the quota is told while it lasts, and afterwards', async () => {
	const many = Array.from({ length: 30 }, (_, row) => ({ UltimoId: `R${row}` }));
	ultimo(() => ok);
	const credential = { requestsPer10Seconds: 10 };
	const result = await fast(runNode({ items: many, credential, mode: 'manual' }));
	expect(result.items).toHaveLength(30);
	expect(JSON.stringify(result.messages)).toContain(
		"10 of 30 items done, waiting for Ultimo's quota",
	);
	expect(result.run.data.resultData.runData.Ultimo[0].hints).toEqual([
		{
			message: expect.stringMatching(/^This run waited (19|20|21) s for Ultimo's quota/),
			type: 'info',
			location: 'outputPane',
		},
	]);
});

it.each([
	['', 100],
	[null, 100],
	['5', 5],
	[0, 150],
])('Requests per 10 Seconds %j: %d at once', async (requestsPer10Seconds, most) => {
	const many = Array.from({ length: 150 }, (_, row) => ({ UltimoId: `R${row}` }));
	const begin = Date.now();
	let atOnce = 0;
	ultimo(() => {
		if (Date.now() - begin < 10_000) atOnce++;
		return ok;
	});
	await fast(
		runNode({ items: many.slice(0, most * 1.2), credential: { requestsPer10Seconds } as never }),
	);
	expect(atOnce).toBe(Math.min(most, many.length));
});

it('Requests per 10 Seconds below 1 is refused', async () => {
	const { error } = await fast(runNode({ items, credential: { requestsPer10Seconds: 0.5 } }));
	expect(error?.message).toMatch(/^Requests per 10 Seconds must be a whole number/);
});

it.each([
	['refused', inThePast],
	['401', { status: 401, body: { message: 'Missing API key', code: 'MissingApiKey' } }],
	['repeated by a gateway', { status: 400, body: { message: `Bad header ApiKey: ${API_KEY}` } }],
	['lost', lost('ECONNRESET')],
	['HTML', { status: 502, body: '<html></html>' }],
	['redirect', { status: 302, headers: { location: 'https://evil.example/' } }],
])('the key is in nothing that a run leaves: %s', async (_, answer) => {
	const seen = ultimo(() => answer);
	for (const node of [{}, { onError: 'continueRegularOutput' as const }]) {
		const { run: left, error } = await fast(runNode({ items, node }));
		expect(allOf(left)).not.toContain(API_KEY);
		expect(allOf(error)).not.toContain(API_KEY);
	}
	expect(seen[0].apiKey).toBe(API_KEY);
});
