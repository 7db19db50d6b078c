import nock from 'nock';

import {
	body,
	create,
	CREATE,
	created,
	LOOK,
	lookBody,
	other,
	ours,
	output,
	parameters,
	taken,
} from '../support/create';
import { IS_N8N_2, runNode } from '../support/n8n.mts';
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

const firstFree = { spaceSelection: 'firstFree', spaceIds: 'C-25, C-26, C-27' };
const gone = lost('ECONNRESET');

it('asks for the next where one is taken, and says which it got', async () => {
	const { seen, items } = await create([taken, created], firstFree);
	expect(seen).toEqual([
		askedFor('REST_CreateReservation', body),
		askedFor('REST_CreateReservation', { ...body, SpaceId: 'C-26' }),
	]);
	expect(items).toEqual([{ ...output, SpaceId: 'C-26' }]);
});

it.each([
	{ kind: 'a list', spaceIds: '={{ ["C-26", "C-25"] }}' },
	{ kind: 'a text with commas', spaceIds: ' C-26 ,C-25,' },
	{ kind: 'one twice', spaceIds: 'C-26, C-26, C-25' },
	{ kind: "a language model's list", spaceIds: '["C-26","C-25"]' },
])('keeps the order given: $kind', async ({ spaceIds }) => {
	const { seen, items } = await create([taken, created], { ...firstFree, spaceIds });
	expect(fieldOf(seen, 'SpaceId')).toEqual(['C-26', 'C-25']);
	expect(items).toEqual([output]);
});

it('all taken: tells who has each, and that none was made', async () => {
	const script = [taken, taken, taken, listed(other), listed(), listed(ours)];
	const { seen, asked, error } = await create(script, firstFree);
	expect(asked).toEqual([CREATE, CREATE, CREATE, LOOK, LOOK, LOOK]);
	expect(fieldOf(seen, 'SpaceId')).toEqual(['C-25', 'C-26', 'C-27', 'C-25', 'C-26', 'C-27']);
	expect(seen[3].body).toEqual(lookBody);
	expect(error?.message).toBe('All 3 spaces are taken at that time: C-25, C-26, C-27 [1015]');
	expect(error?.description).toContain(
		'In C-25 Ultimo has at that time "Job interview" of Bakker, M. from 2026-11-22 10:00',
	);
	expect(error?.description).toContain(
		'In C-27 Ultimo has at that time "Team meeting" of Fasse, J.',
	);
	expect(error?.description).not.toContain('in C-26');
	expect(error?.context).toMatchObject({ outcome: 'refused', code: '1015', itemIndex: 0 });
});

it('many taken: looks at the first ten only, and names no more', async () => {
	const spaceIds = Array.from({ length: 40 }, (_, index) => `R-${index}`).join();
	const long = { ...other, Description: 'x'.repeat(5_000), ApplicantName: 'y'.repeat(5_000) };
	const answers = [...Array(40).fill(taken), ...Array(40).fill(listed(long, long))];
	const { asked, error } = await create(answers, { ...firstFree, spaceIds });
	expect(asked).toEqual([...Array(40).fill(CREATE), ...Array(10).fill(LOOK)]);
	expect(error?.message).toMatch(/^All 40 spaces are taken .*R-9 and 30 more \[1015\]$/);
	expect(error!.description!.length).toBeLessThan(6_000);
});

it('an ignored 1015 costs no look', async () => {
	const options = { ignoreErrorCodes: '1015' };
	const { asked, items } = await create([taken, taken, taken], { ...firstFree, options });
	expect(asked).toEqual([CREATE, CREATE, CREATE]);
	expect(items).toEqual([
		{
			ExternalId: 'cal-1',
			Description: 'Team meeting',
			SpaceIds: ['C-25', 'C-26', 'C-27'],
			ApplicantId: 'ULTIMO',
			StartTime: '2026-11-22T10:00:00+01:00',
			EndTime: '2026-11-22T11:00:00+01:00',
			created: false,
			skipped: true,
			code: '1015',
			message: expect.stringMatching(/^All 3 spaces are taken/),
		},
	]);
});

/** An Ultimo that gives each space once, but for those that are taken. */
function reserving(...held: string[]) {
	return ultimo((sent) => {
		const { SpaceId } = sent as { SpaceId: string };
		if (held.includes(SpaceId)) return taken;
		held.push(SpaceId);
		return { body: { properties: { UltimoId: `R-${SpaceId}` } } };
	});
}

describe('one reservation at most', () => {
	it('an answer that is lost for good ends it: no other space is asked', async () => {
		const script = [taken, gone, listed(other)];
		const { seen, error } = await create(script, firstFree);
		expect(fieldOf(seen, 'SpaceId')).toEqual(['C-25', 'C-26', 'C-26']);
		expect(error?.context).toMatchObject({ outcome: 'unknown', SpaceId: 'C-26' });
	});

	it('an answer that is lost and found is the result', async () => {
		const script = [taken, gone, listed(), taken, listed({ ...ours })];
		const { seen, items } = await create(script, firstFree);
		expect(fieldOf(seen, 'SpaceId')).toEqual(['C-25', 'C-26', 'C-26', 'C-26', 'C-26']);
		expect(items).toEqual([{ ...output, SpaceId: 'C-26' }]);
	});

	it.each([
		['another refusal', refusal('2002', 'Unknown space.'), 'refused', 1],
		['a key that may not', { status: 403, body: '' }, 'refused', 1],
		['1015 in an answer that says no success', { body: { code: '1015', message: '' } }, '', 2],
		['1015 with HTTP 500', refusal('1015', 'Taken', 500), '', 2],
	])('%s', async (_, answer, outcome, requests) => {
		const { seen, error } = await create([answer as never, created], firstFree);
		expect(seen).toHaveLength(requests);
		expect(error?.context.outcome ?? '').toBe(outcome);
		if (outcome) expect(error?.context.SpaceId).toBe('C-25');
	});

	it('a retry looks where the answer was lost, though a space before it is free by now', async () => {
		const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const script = [taken, gone, listed(other), listed(ours)];
		const { seen, items, error } = await create(script, firstFree, { node });
		expect(fieldOf(seen, 'SpaceId')).toEqual(['C-25', 'C-26', 'C-26', 'C-26']);
		// Whether it is ours, or was there before, can't be told.
		expect(items).toEqual([]);
		expect(error?.context).toMatchObject({ outcome: 'unknown', SpaceId: 'C-26' });
	});

	it('the next item may get a space that was free before, and none twice', async () => {
		const seen = reserving('C-25');
		const items = [{ n: 1 }, { n: 2 }];
		const result = await fast(runNode({ items, parameters: { ...parameters, ...firstFree } }));
		expect(fieldOf(seen, 'SpaceId')).toEqual(['C-25', 'C-26', 'C-25', 'C-26', 'C-27']);
		expect(result.json.map((json) => json.SpaceId)).toEqual(['C-26', 'C-27']);
	});

	it('two executions at once get two spaces', async () => {
		reserving();
		const one = async () =>
			(await fast(runNode({ parameters: { ...parameters, ...firstFree } }))).items[0].json.SpaceId;
		expect((await Promise.all([one(), one()])).sort()).toEqual(['C-25', 'C-26']);
	});
});

it.each([
	['', IS_N8N_2 ? 'Parameter "Spaces" is required' : 'The workflow has issues'],
	['={{ [] }}', 'Spaces: no spaces are given'],
	['={{ $json.nothing }}', 'Spaces: no spaces are given'],
	[' , ;', 'Spaces: no spaces are given'],
	['={{ ["C-25", 26] }}', 'Spaces: Ultimo IDs are text: 26 lost its leading zeros'],
	['={{ ["C-25", ["C-26"]] }}', 'Spaces: the ID is not text but a list'],
	['={{ {id: "C-25"} }}', 'Spaces: the ID is not text but of type object'],
	['C-25, undefined', 'Spaces: "undefined" can\'t be an ID'],
])('%s is refused before anything is sent', async (spaceIds, says) => {
	const seen = ultimo(() => created);
	const failed = await runNode({
		parameters: { ...parameters, ...firstFree, spaceIds },
	}).then(
		({ error }) => error,
		(error: Error) => error,
	);
	expect(seen).toEqual([]);
	expect(failed?.message).toContain(says);
	nock.cleanAll();
});
