import nock from 'nock';

import { loadPackage, runNode, type Setup } from '../support/n8n.mts';
import { fast, immediate, withFakeTime } from '../support/time.mts';
import {
	askedToRead,
	fieldOf,
	listed,
	refusal,
	type Seen,
	ultimo,
	withoutNetwork,
} from '../support/ultimo';

withoutNetwork();
withFakeTime();

const getAll = {
	operation: 'getAll',
	from: '2026-11-22T10:00:00',
	till: '2026-11-29T10:00:00',
	returnAll: true,
};
const several = { ...getAll, spaceSelection: 'several', spaceIds: 'C-25, C-26;003.0.10\nC-25' };
const all = { ...getAll, spaceSelection: 'all' };
const SPACES = ['C-25', 'C-26', '003.0.10'];
const reservation = (SpaceId: string, n: number) => ({
	UltimoId: `${SpaceId}/${n}`,
	StartTime: `2026-11-2${3 + n}T10:00:00.000000+01:00`,
	EndTime: `2026-11-2${3 + n}T11:00:00.000000+01:00`,
});
const unknownSpace = refusal('9002', 'Unknown space.');

/** An Ultimo with two reservations in each space, but for those of which it gives something else. */
function withSpaces(
	others: Record<string, object> = {},
	spaces: object | string[] = SPACES,
): Seen[] {
	return ultimo((sent, _, { method }) => {
		if (method === 'GET') {
			if (!Array.isArray(spaces)) return spaces;
			return { body: { items: spaces.map((Id) => ({ Id, Description: `Room ${Id}` })) } };
		}
		const { SpaceId } = sent as { SpaceId: string };
		return others[SpaceId] ?? listed(reservation(SpaceId, 1), reservation(SpaceId, 0));
	});
}

const run = (setup: Setup) => fast(runNode({ parameters: several, ...setup }));
const items = (spaces: string[], item = 0) =>
	spaces.flatMap((SpaceId) =>
		[0, 1].map((n) => ({ json: { ...reservation(SpaceId, n), SpaceId }, pairedItem: { item } })),
	);

it('lists several spaces in the order given, each once: a request a space', async () => {
	const seen = withSpaces();
	const result = await run({});
	expect(result.items).toEqual(items(SPACES));
	expect(seen.map(({ body }) => body)).toEqual(
		SPACES.map((SpaceId) => ({
			SpaceId,
			From: '2026-11-22T09:00:00Z',
			Till: '2026-11-29T09:00:00Z',
		})),
	);
});

it.each([
	['a list by an expression', '={{ ["C-25", "C-26", "003.0.10"] }}'],
	['a list in JSON, as a model writes it', '["C-25", "C-26", "003.0.10"]'],
	['a field of the item', '={{ $json.spaces }}'],
])('takes %s', async (_, spaceIds) => {
	const seen = withSpaces();
	const { error } = await run({
		items: [{ spaces: SPACES }],
		parameters: { ...several, spaceIds },
	});
	expect(error).toBeUndefined();
	expect(fieldOf(seen, 'SpaceId')).toEqual(SPACES);
});

it('lists all spaces that the key may read: one request more', async () => {
	const seen = withSpaces();
	const spaceFilters = { search: 'room', site: '01', query: 'Context eq 1' };
	const result = await run({ parameters: { ...all, spaceFilters } });
	expect(result.items).toEqual(items(SPACES));
	const filter =
		"(Description like '%room%' or Id like '%room%') and (Site eq '01') and (Context eq 1)";
	const query = { filter, orderby: 'Id', top: '250', count: 'true' };
	expect(seen[0]).toEqual(askedToRead('Space', query));
	expect(fieldOf(seen, 'SpaceId')).toEqual([undefined, ...SPACES]);
});

it('looks all spaces up once for all items of a run', async () => {
	const seen = withSpaces();
	const parameters = { ...all, filters: { description: '={{ $json.word }}' } };
	await run({ items: [{ word: 'a' }, { word: 'b' }, { word: 'a' }], parameters });
	expect(seen.filter(({ method }) => method === 'GET')).toHaveLength(1);
	expect(seen).toHaveLength(7);
});

describe('Limit is over all spaces of an item', () => {
	it.each([
		[1, ['C-25/0'], 1],
		[2, ['C-25/0', 'C-25/1'], 1],
		[3, ['C-25/0', 'C-25/1', 'C-26/0'], 2],
		[99, ['C-25/0', 'C-25/1', 'C-26/0', 'C-26/1', '003.0.10/0', '003.0.10/1'], 3],
	])('%i', async (limit, ids, requests) => {
		const seen = withSpaces();
		const options = { maxConcurrency: 1 };
		const parameters = { ...several, returnAll: false, limit, options };
		const result = await run({ parameters });
		expect(result.json.map((json) => json.UltimoId)).toEqual(ids);
		expect(seen).toHaveLength(requests);
	});
});

it('never has more requests under way than Max Concurrency', async () => {
	let now = 0;
	let most = 0;
	nock(/ultimo/)
		.persist()
		.post(/.*/)
		.reply(async () => {
			most = Math.max(most, ++now);
			await immediate();
			now--;
			return [200, listed().body];
		});
	const spaceIds = Array.from({ length: 12 }, (_, n) => `S-${n}`).join();
	const options = { maxConcurrency: 4 };
	const parameters = { ...several, spaceIds, options, filters: { description: '={{ $json.n }}' } };
	for (const count of [1, 3, 9]) {
		most = 0;
		const input = Array.from({ length: count }, (_, n) => ({ n: `${n}` }));
		await run({ items: input, parameters, credential: { requestsPer10Seconds: 0 } });
		expect(most).toBeLessThanOrEqual(4);
		expect(most).toBeGreaterThan(1);
	}
});

describe('a space that fails', () => {
	const message = 'Space C-26: Unknown space [9002]. ';
	const error = {
		message: expect.stringContaining(message),
		code: '9002',
		httpStatus: 400,
		outcome: 'refused',
		SpaceId: 'C-26',
	};
	const pairedItem = { item: 0 };

	it('names itself, and the results of the others stand: On Error > Continue', async () => {
		const seen = withSpaces({ 'C-26': unknownSpace });
		const result = await run({ items: [{ n: 1 }], node: { onError: 'continueRegularOutput' } });
		expect(result.items).toEqual([
			...items(['C-25', '003.0.10']),
			{ json: { n: 1, error }, pairedItem },
		]);
		expect(seen).toHaveLength(3);
	});

	it('goes to the error output, with the fields of its item', async () => {
		withSpaces({ 'C-26': unknownSpace, 'C-25': { status: 404, body: '' } });
		const result = await run({
			items: [{ n: 1 }],
			node: { onError: 'continueErrorOutput' },
			// All three are under way before the first one fails.
			credential: { requestsPer10Seconds: 0 },
		});
		expect(result.outputs).toEqual([
			items(['003.0.10']),
			[
				{
					json: { n: 1, error: expect.objectContaining({ SpaceId: 'C-25', httpStatus: 404 }) },
					pairedItem,
				},
				{ json: { n: 1, error }, pairedItem },
			],
		]);
	});

	it('stops the run by default, and the spaces after it are not asked', async () => {
		const spaceIds = Array.from({ length: 40 }, (_, n) => `S-${n}`).join();
		const seen = withSpaces({ 'S-3': unknownSpace });
		const result = await run({ parameters: { ...several, spaceIds } });
		expect(result.items).toEqual([]);
		expect(result.error?.message).toBe('Space S-3: Unknown space [9002]');
		expect(result.error?.context).toMatchObject({ code: '9002', itemIndex: 0, SpaceId: 'S-3' });
		expect(seen.length).toBeLessThan(30);
	});

	it('is skipped, and the others stand, where its code is ignored', async () => {
		withSpaces({ 'C-26': unknownSpace });
		const options = { ignoreErrorCodes: '9002' };
		const result = await run({ parameters: { ...several, options } });
		expect(result.items).toEqual([
			...items(['C-25', '003.0.10']),
			{
				json: {
					SpaceId: 'C-26',
					skipped: true,
					code: '9002',
					message: 'Space C-26: Unknown space [9002]',
				},
				pairedItem,
			},
		]);
	});

	it('has its name where Ultimo gave it', async () => {
		withSpaces({ 'C-26': unknownSpace });
		const { error: stopped } = await run({ parameters: all });
		expect(stopped?.message).toBe('Space C-26 (Room C-26): Unknown space [9002]');
	});

	it('has no name that is no text', async () => {
		const list = { body: { items: [{ Id: 'C-26', Description: { odd: 1 } }] } };
		withSpaces({ 'C-26': unknownSpace }, list);
		const { error } = await run({ parameters: all });
		expect(error?.message).toBe('Space C-26: Unknown space [9002]');
	});

	it('does not count when it lies behind what Limit takes', async () => {
		withSpaces({ '003.0.10': unknownSpace });
		const result = await run({ parameters: { ...several, returnAll: false, limit: 4 } });
		expect(result.items).toEqual(items(['C-25', 'C-26']));
	});

	it('is asked again, with the others, by Retry On Fail', async () => {
		let refusals = 0;
		const seen = withSpaces({
			get 'C-26'() {
				return refusals++ === 0 ? unknownSpace : listed();
			},
		});
		const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
		const result = await run({ node });
		expect(result.items).toEqual(items(['C-25', '003.0.10']));
		expect(seen).toHaveLength(6);
	});

	it('leaves nothing to a next try that would take part of an item for all of it', async () => {
		withSpaces({ 'C-25': unknownSpace, 'C-26': unknownSpace, '003.0.10': unknownSpace });
		const node = {
			onError: 'continueRegularOutput' as const,
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 0,
		};
		const result = await run({ node });
		expect(result.items.map(({ json }) => (json.error as { SpaceId: string }).SpaceId)).toEqual(
			SPACES,
		);
	});
});

describe('which spaces there are', () => {
	it.each([
		['none', [], 'No space that the API key may read fits'],
		[
			'too many',
			{ body: { items: Array.from({ length: 250 }, (_, n) => ({ Id: `S-${n}` })), count: 1001 } },
			/^More than 1000 spaces fit/,
		],
		['none that the key may read', { status: 403, body: '' }, /^HTTP 403/],
	])('%s is an error, and not an empty list', async (_, spaces, message) => {
		let page = 0;
		const seen = ultimo((_body, _index, { method }) => {
			if (method !== 'GET') return listed();
			if (Array.isArray(spaces)) return { body: { items: spaces } };
			if (!('body' in spaces) || typeof spaces.body === 'string') return spaces;
			page++;
			const { count, items: some } = spaces.body;
			return { body: { count, items: some.map(({ Id }) => ({ Id: `${page}-${Id}` })) } };
		});
		const { error, items: none } = await run({ parameters: all });
		expect(none).toEqual([]);
		if (typeof message === 'string') expect(error?.message).toBe(message);
		else expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(/\bIDs?\b/);
		expect(seen.every(({ method }) => method === 'GET')).toBe(true);
	});
});

it('tells before a run what it costs, and what each item does', async () => {
	const { hints } = (await loadPackage()).getNode('ultimoReservation').type
		.description as never as { hints: Array<{ message: string; displayCondition: string }> };
	expect(hints.map(({ displayCondition }) => displayCondition)).toContain(
		'={{ ["several", "all"].includes($parameter["spaceSelection"]) }}',
	);
	expect(
		hints.find(({ message }) => /Each space costs one request/.test(message))?.message,
	).toMatch(/100 requests in 10 seconds and 10,000 a day/);
	expect(hints.find(({ message }) => /Execute Once/.test(message))?.displayCondition).toBe(
		'={{ $parameter["spaceSelection"] === "firstFree" }}',
	);
});
