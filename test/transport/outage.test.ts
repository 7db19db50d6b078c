import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { parameters } from '../support/create';
import { runNode } from '../support/n8n.mts';
import { silentServer } from '../support/silent.mts';
import { fast, later, withFakeTime } from '../support/time.mts';
import { lost, ok, refusal, ultimo, withoutNetwork } from '../support/ultimo';

withFakeTime();
// Some hundred seconds of faked time, in steps that sockets can follow.
jest.setTimeout(60_000);
withoutNetwork();

const GO_ON = { onError: 'continueRegularOutput' as const };
const many = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ UltimoId: `0000000${1000 + index}`, n: index }));
const create = {
	...parameters,
	startTime: '={{ "2027-11-22T1" + $json.n + ":00:00Z" }}',
	endTime: '={{ "2027-11-22T1" + $json.n + ":30:00Z" }}',
};
const update = {
	operation: 'update',
	reservationId: { __rl: true, mode: 'id', value: '={{ $json.UltimoId }}' },
	startTime: '2027-11-22T10:00:00Z',
	endTime: '2027-11-22T11:00:00Z',
};
const getAll = {
	operation: 'getAll',
	spaceId: '={{ "C-" + $json.n }}',
	from: '2027-11-22T10:00:00Z',
	till: '2027-11-23T10:00:00Z',
};

/** What became of the items, in how many seconds of the faked clock. */
async function ends(items: IDataObject[], parameters: IDataObject, credential = {}) {
	const started = Date.now();
	const { items: given } = await fast(runNode({ items, parameters, credential, node: GO_ON }));
	const seconds = (Date.now() - started) / 1000;
	const errors = given.map(({ json }) => json.error as IDataObject | undefined);
	const count = (outcome: string) => errors.filter((error) => error?.outcome === outcome).length;
	return { seconds, errors, unknown: count('unknown'), notSent: count('notSent') };
}

/** By the clock, whatever runs ahead under load. */
const SOON = 240;

it.each<[string, number, IDataObject, number]>([
	['400 Cancels', 400, { operation: 'cancel' }, 35],
	['50 Updates', 50, update, 20],
	['5 Creates', 5, create, 20],
])('%s that are lost end', async (_, count, parameters, most) => {
	const seen = ultimo(() => lost('ECONNRESET'));
	const { seconds, errors, unknown, notSent } = await ends(many(count), parameters);
	expect(seen.length).toBeLessThanOrEqual(most);
	expect(unknown).toBeGreaterThanOrEqual(1);
	expect(unknown).toBeLessThanOrEqual(seen.length);
	expect(unknown + notSent).toBe(count);
	expect(seconds).toBeLessThan(SOON);
	expect(errors.at(-1)?.message).toMatch(
		new RegExp(`\\(0 of ${count} items are done, no answer came for \\d+ seconds\\)`),
	);
});

it.each<[string, number, IDataObject, number]>([
	['400 Cancels', 400, { operation: 'cancel' }, 27],
	['5 Creates', 5, create, 4],
	['40 lists', 40, getAll, 27],
])('%s that all time out end', async (_, count, parameters, most) => {
	nock.enableNetConnect('127.0.0.1');
	const silent = await silentServer();
	const { seconds, unknown, notSent } = await ends(many(count), parameters, {
		baseUrl: silent.url,
	});
	expect(silent.requests()).toBeLessThanOrEqual(most);
	expect(unknown + notSent).toBe(count);
	expect(seconds).toBeLessThan(SOON);
	await silent.stop();
	nock.disableNetConnect();
});

it('100 items to an unknown host end as not sent', async () => {
	const seen = ultimo(() => lost('ENOTFOUND'));
	const { notSent, errors } = await ends(many(100), { operation: 'cancel' });
	expect(notSent).toBe(100);
	expect(seen.length).toBeLessThan(38);
	expect(errors.at(-1)?.message).toContain('Run the rest when Ultimo answers again.');
});

it('lists of 40 spaces end as not sent, or as nobody knows', async () => {
	const seen = ultimo(() => ({ status: 503, body: '' }));
	const { errors } = await ends(many(40), getAll);
	expect(errors.every(Boolean)).toBe(true);
	expect(seen.length).toBeLessThan(38);
});

it('sends one at a time after three losses, and all at once after an answer', async () => {
	const seen = ultimo((_, index) => (index < 14 ? lost('ECONNRESET') : ok));
	const { errors } = await ends(many(60), { operation: 'cancel' });
	expect(errors.filter(Boolean)).toEqual([]);
	// Those that are lost, and then each item once.
	expect(seen.length).toBe(14 + 60);
});

it('many that are lost at once are looked after as soon as one', async () => {
	const seen = ultimo((_, index) => (index < 25 ? lost('ECONNRESET') : ok));
	const options = { maxConcurrency: 25 };
	const { seconds, errors } = await ends(many(60), { operation: 'cancel', options });
	expect(errors.filter(Boolean)).toEqual([]);
	expect(seen.length).toBe(25 + 60);
	expect(seconds).toBeLessThan(10);
});

it('an answer, even a refusal, begins anew', async () => {
	const seen = ultimo((_, index) => (index % 3 === 2 ? refusal('9', 'No') : lost('ECONNRESET')));
	const { errors } = await ends(many(30), { operation: 'cancel' });
	expect(errors.filter((error) => String(error?.message).includes('no answer came'))).toEqual([]);
	expect(seen.length).toBeGreaterThan(30);
});

it('a user who stops ends the wait for a probe', async () => {
	const seen = ultimo(() => lost('ECONNREFUSED'));
	const run = runNode({
		items: many(60),
		node: GO_ON,
		started: ({ stop }) => later(20_000, stop),
	});
	await fast(run.catch(() => undefined));
	expect(seen.length).toBeLessThan(35);
});
