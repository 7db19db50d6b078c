import type { IDataObject } from 'n8n-workflow';

import { lookBody as look, other, ours } from '../support/create';
import { runNode, type AgentTool, type Setup } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import {
	askedFor,
	fieldOf,
	listed,
	lost,
	refusal,
	ultimo,
	withoutNetwork,
} from '../support/ultimo';

withoutNetwork();
withFakeTime();

const parameters = {
	operation: 'availability',
	spaceId: { __rl: true, mode: 'id', value: 'C-25' },
	startTime: '2026-11-22T10:00:00',
	endTime: '2026-11-22T11:00:00',
};
const several = { spaceSelection: 'several', spaceIds: 'C-25, C-26, C-27' };
const free = { SpaceId: 'C-25', available: true, reservations: [] };
const unknownSpace = refusal('2002', 'Unknown space.');

const check = (changes: IDataObject = {}, setup: Setup = {}) =>
	fast(runNode({ parameters: { ...parameters, ...changes }, ...setup }));
/** Answers by space; what is not named is free. */
const spaces = (answers: Record<string, object>) =>
	ultimo((body) => (answers[(body as { SpaceId: string }).SpaceId] ?? listed()) as never);

it('asks exactly this of a space, and says that it is free', async () => {
	const seen = ultimo(() => listed());
	const { json } = await check();
	expect(seen).toEqual([askedFor('REST_GetReservationsForSpace', look)]);
	expect(json).toEqual([free]);
});

it('says by whom a space is held and until when, as Ultimo gives it', async () => {
	ultimo(() => listed(other, ours));
	const { json } = await check();
	expect(json).toEqual([{ SpaceId: 'C-25', available: false, reservations: [other, ours] }]);
});

const before = {
	...other,
	StartTime: '2026-11-22T09:00:00.000000+01:00',
	EndTime: '2026-11-22T10:00:00.000000+01:00',
};
const after = {
	...other,
	StartTime: '2026-11-22T11:00:00.000000+01:00',
	EndTime: '2026-11-22T12:00:00.000000+01:00',
};
it.each([
	{ that: 'ends as it begins', reservation: before, available: true },
	{ that: 'begins as it ends', reservation: after, available: true },
	{
		that: 'is cleaned up within it',
		reservation: { ...before, EndTimeIncludingCleanupTime: '2026-11-22T10:15:00.000000+01:00' },
		available: false,
	},
	{
		that: 'is prepared within it',
		reservation: {
			...after,
			StartTimeIncludingPreparationTime: '2026-11-22T10:45:00.000000+01:00',
		},
		available: false,
	},
	{
		that: 'lasts all around it',
		reservation: { ...before, EndTime: after.EndTime },
		available: false,
	},
	{ that: 'is cancelled', reservation: { ...ours, Status: 'Cancelled' }, available: true },
	{ that: 'is so in Dutch', reservation: { ...ours, Status: ' geannuleerd' }, available: true },
	{ that: 'has another status', reservation: { ...ours, Status: 'Wacht' }, available: false },
	{ that: 'has no status', reservation: { ...ours, Status: null }, available: false },
	{ that: 'says no start', reservation: { ...ours, StartTime: null }, available: false },
	{ that: 'says an odd start', reservation: { ...ours, StartTime: 'soon' }, available: false },
	{ that: 'says no start, but is over', reservation: { ...before, StartTime: 7 }, available: true },
])('with a reservation that $that, a space is free: $available', async (row) => {
	const { reservation, available } = row;
	ultimo(() => listed(reservation));
	const { json } = await check();
	const reservations = available ? [] : [reservation];
	expect(json).toEqual([{ SpaceId: 'C-25', available, reservations }]);
});

it('all spaces that the key may read: says their names too', async () => {
	const seen = ultimo((body, index) =>
		index === 0
			? {
					body: {
						count: 2,
						items: [
							{ Id: 'C-25', Description: 'Meeting room 2' },
							{ Id: 'A/102', Description: "Director's room" },
						],
					},
				}
			: (body as { SpaceId?: string }).SpaceId === 'A/102'
				? listed(ours)
				: listed(),
	);
	const spaceFilters = { site: '01' };
	const { json } = await check({ spaceSelection: 'all', spaceFilters });
	expect(seen[0]).toMatchObject({
		method: 'GET',
		path: '/api/v1/object/Space',
		query: { filter: "(Site eq '01')" },
	});
	expect(fieldOf(seen.slice(1), 'SpaceId').sort()).toEqual(['A/102', 'C-25']);
	expect(json).toEqual([
		{ ...free, Description: 'Meeting room 2' },
		{
			SpaceId: 'A/102',
			Description: "Director's room",
			available: false,
			reservations: [ours],
		},
	]);
});

it('all spaces, and a key that may not read them: an error, and no space is called free', async () => {
	const seen = ultimo(() => ({ status: 403, body: '' }));
	const { json, error } = await check({ spaceSelection: 'all' });
	expect(json).toEqual([]);
	expect(seen).toHaveLength(1);
	expect(error?.description).toContain('may not read spaces');
});

describe('several spaces', () => {
	it('are one request each and one item each, in the order given', async () => {
		const seen = spaces({ 'C-26': listed(ours) });
		const { json, items } = await check(several);
		expect(fieldOf(seen, 'SpaceId').sort()).toEqual(['C-25', 'C-26', 'C-27']);
		expect(json).toEqual([
			free,
			{ SpaceId: 'C-26', available: false, reservations: [ours] },
			{ ...free, SpaceId: 'C-27' },
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(Array(3).fill({ item: 0 }));
	});

	it('Only Free leaves out what is taken', async () => {
		spaces({ 'C-26': listed(ours) });
		const { json } = await check({ ...several, options: { onlyFree: true } });
		expect(json).toEqual([free, { ...free, SpaceId: 'C-27' }]);
	});

	it('Only Free, and all are taken: nothing, and no error', async () => {
		ultimo(() => listed(ours));
		const { json, error } = await check({ ...several, options: { onlyFree: true } });
		expect(error).toBeUndefined();
		expect(json).toEqual([]);
	});

	it('one that fails names itself, and the others stand', async () => {
		spaces({ 'C-26': unknownSpace });
		const items = [{ row: 1 }];
		const node = { onError: 'continueRegularOutput' as const };
		const { json } = await check(several, { items, node });
		expect(json).toEqual([
			free,
			{ ...free, SpaceId: 'C-27' },
			{
				row: 1,
				error: {
					message: expect.stringContaining('C-26'),
					code: '2002',
					httpStatus: 400,
					outcome: 'refused',
					SpaceId: 'C-26',
				},
			},
		]);
	});

	it('one that fails is in the error output, the others in the regular one', async () => {
		spaces({ 'C-26': unknownSpace });
		const { outputs } = await check(several, { node: { onError: 'continueErrorOutput' } });
		expect(outputs[0].map(({ json }) => json.SpaceId)).toEqual(['C-25', 'C-27']);
		expect(outputs[1].map(({ json }) => json)).toEqual([
			{ error: expect.objectContaining({ code: '2002', SpaceId: 'C-26' }) },
		]);
	});

	it('one that fails stops the run, by its name', async () => {
		spaces({ 'C-26': unknownSpace });
		const { error, json } = await check(several);
		expect(json).toEqual([]);
		expect(`${error?.message} ${error?.description}`).toContain('C-26');
		expect(error?.context).toMatchObject({ code: '2002', outcome: 'refused', itemIndex: 0 });
	});

	it('one whose answers are all lost is never called free', async () => {
		spaces({ 'C-26': lost('ECONNRESET') });
		const node = { onError: 'continueRegularOutput' as const };
		const { json } = await check(several, { node });
		expect(json.map(({ SpaceId, available }) => [SpaceId, available])).toEqual([
			['C-25', true],
			['C-27', true],
			[undefined, undefined],
		]);
		expect(json[2].error).toMatchObject({ SpaceId: 'C-26' });
	});
});

it.each([
	['no list', { body: { properties: { Output: 'soon' } } }],
	['a list of texts', { body: { properties: { Output: { collection: ['C-25'] } } } }],
	['a web page', { body: '<html></html>' }],
])('an answer with %s is an error, and no free space', async (_, answer) => {
	ultimo(() => answer);
	const { json, error } = await check();
	expect(json).toEqual([]);
	expect(error?.name).toBe('NodeApiError');
});

it.each([
	['null', null],
	['left out', undefined],
])('an empty list that is %s is a free space', async (_, collection) => {
	ultimo(() => ({ body: { properties: { Output: { collection } } } }));
	expect((await check()).json).toEqual([free]);
});

it('more than Ultimo gives at a time is looked for to the end', async () => {
	const crowd = Array.from({ length: 150 }, (_, index) => ({
		...ours,
		UltimoId: `R${index}`,
		StartTime: new Date(Date.UTC(2026, 10, 21, 10, index * 15)).toISOString(),
		EndTime: new Date(Date.UTC(2026, 10, 21, 10, index * 15 + 15)).toISOString(),
	}));
	const seen = ultimo((body) => {
		const { From, Till } = body as { From: string; Till: string };
		const inside = crowd.filter((one) => one.StartTime < Till && one.EndTime > From);
		return listed(...inside.slice(0, 100));
	});
	const { json } = await check();
	expect(seen.length).toBeGreaterThan(1);
	expect((json[0].reservations as unknown[]).length).toBe(4);
});

it('is read in the zone of the workflow, on the day when the clocks are put back', async () => {
	const seen = ultimo(() => listed());
	await check({ startTime: '2026-10-25T02:30:00', endTime: '2026-10-25T03:30:00' });
	expect(seen.map(({ body }) => body)).toEqual([
		{ SpaceId: 'C-25', From: '2026-10-24T00:30:00Z', Till: '2026-10-26T02:30:00Z' },
	]);
});

it('equal items are asked for once', async () => {
	const seen = ultimo(() => listed());
	const { json } = await check({}, { items: [{ n: 1 }, { n: 2 }] });
	expect(seen).toHaveLength(1);
	expect(json).toEqual([free, free]);
});

it('an ignored code leaves a skipped space', async () => {
	spaces({ 'C-26': unknownSpace });
	const { json } = await check({ ...several, options: { ignoreErrorCodes: '2002' } });
	expect(json).toEqual([
		free,
		{ ...free, SpaceId: 'C-27' },
		{
			SpaceId: 'C-26',
			skipped: true,
			code: '2002',
			message: 'Space C-26: Unknown space [2002]',
		},
	]);
});

it.each([
	[{ ...several, spaceIds: '={{ [] }}' }, 'Spaces: no spaces'],
	[{ ...several, spaceIds: '={{ ["C-25", 26] }}' }, 'Spaces: Ultimo IDs are text'],
	[{ spaceId: { __rl: true, mode: 'id', value: '={{ 3.1 }}' } }, '3.1 lost its zeros'],
	[{ startTime: '2026-11-22' }, 'Start Time: 2026-11-22 has no time of day'],
	[{ endTime: '2026-11-22T10:00:00' }, 'End Time: 2026-11-22T10:00:00+01:00 is not after'],
	[{ endTime: '={{ 1795341600 }}' }, 'End Time: 1795341600 is a number'],
	[{ options: { onlyFree: '={{ "maybe" }}' } }, 'Only Free: maybe is neither true nor false'],
	[{ options: { onlyFree: '={{ $json.no }}' } }, 'Only Free: nothing is neither'],
])('%j is refused before anything is sent', async (changes, says) => {
	const seen = ultimo(() => listed());
	const { error } = await check(changes);
	expect(seen).toEqual([]);
	expect(error?.message).toContain(says);
	expect(error?.name).toBe('NodeOperationError');
});

it('a model can ask which of some rooms is free', async () => {
	const seen = spaces({ 'C-26': listed(ours) });
	const fromAI = (key: string) => `={{ $fromAI('${key}', \`what ${key} is\`, 'string') }}`;
	let tool: AgentTool | undefined;
	let answer = '';
	await runNode({
		parameters: {
			...parameters,
			descriptionType: 'auto',
			spaceSelection: 'several',
			spaceIds: fromAI('Spaces'),
			startTime: fromAI('Start_Time'),
			endTime: fromAI('End_Time'),
			options: { onlyFree: true },
		},
		agent: async (given) => {
			tool = given;
			answer = await given.invoke({
				Spaces: 'C-26, C-25',
				Start_Time: '2026-11-22T10:00:00',
				End_Time: '2026-11-22T11:00:00',
			});
			return null;
		},
	});
	expect(tool?.description).toBe('Check which spaces are free in Ultimo Reservation');
	expect(Object.keys(tool?.schema.shape ?? {})).toEqual(['Spaces', 'Start_Time', 'End_Time']);
	expect(seen).toHaveLength(2);
	expect(JSON.parse(answer)).toEqual([free]);
});
