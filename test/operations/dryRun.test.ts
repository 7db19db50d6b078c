import type { IDataObject } from 'n8n-workflow';

import { ours } from '../support/create';
import { runNode, type Setup } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { askedFor, listed, lost, ok, refusal, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();

const item = { ...ours, SpaceId: 'C-25' };
const { UltimoId } = item;
const look = { SpaceId: 'C-25', From: '2026-11-21T09:00:00Z', Till: '2026-11-23T10:00:00Z' };
const dry = { UltimoId, cancelled: false, dryRun: true };
const run = async (items: IDataObject[], setup: Setup = {}) => {
	const parameters = { options: { dryRun: true }, ...setup.parameters };
	return await fast(runNode({ ...setup, items, parameters }));
};

it.each([
	{ what: 'is there', list: [ours], found: true },
	{ what: 'is there under its bare number', list: [{ ...ours, UltimoId: '6712' }], found: true },
	{ what: 'is not there', list: [], found: false },
	{ what: 'is another', list: [{ ...ours, UltimoId: '00000006713' }], found: false },
	{ what: 'is cancelled', list: [{ ...ours, Status: 'Cancelled' }], found: false },
])('asks exactly this of a known space and time, and says when it $what', async (row) => {
	const seen = ultimo(() => listed(...row.list));
	const { json } = await run([item]);
	expect(seen).toEqual([askedFor('REST_GetReservationsForSpace', look)]);
	expect(json).toEqual([{ ...dry, found: row.found }]);
});

it.each([
	{ what: 'no space', known: { UltimoId, StartTime: ours.StartTime } },
	{ what: 'no time', known: { UltimoId, SpaceId: 'C-25' } },
	{ what: 'a time that is none', known: { ...item, StartTime: 'soon' } },
	{ what: 'a time that is a number', known: { ...item, StartTime: 7 } },
	{ what: 'a space that is a number', known: { ...item, SpaceId: 25 } },
	{ what: 'nothing else', known: { UltimoId } },
])('asks nothing of an item with $what', async ({ known }) => {
	const seen = ultimo(() => listed());
	expect((await run([known as never])).json).toEqual([dry]);
	expect(seen).toEqual([]);
});

it('does not take the times of an item about something else for those of the reservation', async () => {
	const seen = ultimo(() => listed());
	const parameters = {
		options: { dryRun: true },
		reservationId: { __rl: true, mode: 'id', value: '={{ $json.old }}' },
	};
	const { json } = await run([{ ...item, UltimoId: '1', old: '00000006600' }], { parameters });
	expect(json).toEqual([{ ...dry, UltimoId: '00000006600' }]);
	expect(seen).toEqual([]);
});

it('looks in the space in which it was picked, as far ahead as the list goes', async () => {
	jest.setSystemTime(new Date('2026-11-20T00:00:00Z'));
	const seen = ultimo(() => listed(ours));
	const parameters = {
		options: { dryRun: true },
		reservationId: { __rl: true, mode: 'list', value: UltimoId },
		spaceId: { __rl: true, mode: 'id', value: 'C-25' },
	};
	const { json } = await run([{ n: 1 }], { parameters });
	expect(json).toEqual([{ ...dry, found: true }]);
	expect(seen).toHaveLength(1);
	const { SpaceId, From, Till } = seen[0].body as Record<string, string>;
	expect(SpaceId).toBe('C-25');
	expect((Date.parse(Till) - Date.parse(From)) / 86_400_000).toBe(402);
});

it.each([
	['is forbidden', { status: 403, body: '' }, 1],
	['is refused', refusal('2002', 'Unknown space.'), 1],
	['is lost', lost('ECONNRESET'), 4],
])('says nothing of it when the look %s', async (_, answer, requests) => {
	const seen = ultimo(() => answer as never);
	expect((await run([item])).json).toEqual([dry]);
	expect(seen).toHaveLength(requests);
});

it('equal items are looked for once; a real one beside them is really cancelled', async () => {
	const seen = ultimo((body) => ('From' in body ? listed(ours) : ok));
	const parameters = { options: { dryRun: '={{ $json.dry }}', maxConcurrency: 1 } };
	const { json } = await run(
		[
			{ ...item, dry: true },
			{ ...item, dry: true },
			{ ...item, dry: false },
		],
		{ parameters },
	);
	expect(json).toEqual([
		{ ...dry, found: true },
		{ ...dry, found: true },
		{ UltimoId, cancelled: true },
	]);
	expect(seen.map(({ body }) => body)).toEqual([look, { UltimoId }]);
});

it('cancels nothing, and a retry keeps nothing of it', async () => {
	const seen = ultimo(() => listed(ours));
	const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	const { run: execution } = await run([item], { node });
	expect(seen.map(({ path }) => path)).toEqual(['/api/v1/action/REST_GetReservationsForSpace']);
	expect(execution.data.executionData?.contextData['node:Ultimo'] ?? {}).toEqual({});
});

it('an end that is ages away does not make it look for ages', async () => {
	const seen = ultimo(() => listed());
	await run([{ ...item, EndTime: '9999-12-31T00:00:00Z' }]);
	expect(seen).toHaveLength(1);
	const { From, Till } = seen[0].body as Record<string, string>;
	expect((Date.parse(Till) - Date.parse(From)) / 86_400_000).toBe(402);
});

it.each([
	['={{ $json.nothing }}', 'nothing is neither true nor false'],
	['={{ "yes" }}', 'yes is neither true nor false'],
])('%s is refused: nothing is cancelled by mistake', async (dryRun, says) => {
	const seen = ultimo(() => ok);
	const { error } = await run([item], { parameters: { options: { dryRun } } });
	expect(seen).toEqual([]);
	expect(error?.message).toContain(`Dry Run: ${says}`);
});
