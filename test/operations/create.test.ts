import nock from 'nock';

import { runNode } from '../support/n8n';
import { fakeTime, fast } from '../support/time';
import { lost, refusal, ultimo } from '../support/ultimo';

beforeAll(() => nock.disableNetConnect());
beforeEach(() => fakeTime());
afterEach(() => {
	nock.cleanAll();
	jest.useRealTimers();
});
afterAll(() => nock.restore());

const parameters = {
	operation: 'create',
	spaceId: 'C-25',
	applicantId: 'ULTIMO',
	startTime: '2026-11-22T10:00:00',
	endTime: '2026-11-22T11:00:00',
	description: 'Team meeting',
	externalId: 'cal-1',
};
const body = {
	ExternalId: 'cal-1',
	Description: 'Team meeting',
	SpaceId: 'C-25',
	StartTime: '2026-11-22T09:00:00Z',
	EndTime: '2026-11-22T10:00:00Z',
	ApplicantId: 'ULTIMO',
};
const lookBody = {
	SpaceId: 'C-25',
	From: '2026-11-21T09:00:00Z',
	Till: '2026-11-23T10:00:00Z',
};
const ours = {
	UltimoId: '00000006712',
	Description: 'Team meeting',
	ApplicantId: 'ULTIMO',
	ApplicantName: 'Fasse, J.',
	StartTime: '2026-11-22T10:00:00.000000+01:00',
	EndTime: '2026-11-22T11:00:00.000000+01:00',
	Status: 'Processed',
};
const other = {
	...ours,
	UltimoId: '00000006700',
	Description: 'Job interview',
	ApplicantId: 'BAKKER',
	ApplicantName: 'Bakker, M.',
	EndTime: '2026-11-22T10:30:00.000000+01:00',
};
const created = { body: { properties: { UltimoId: '00000006712' } } };
const listed = (...collection: object[]) => ({ body: { properties: { Output: { collection } } } });
const taken = refusal(
	'1015',
	'Room reservation cannot be requested or processed.\r\nCause: Meeting room 2 is not available.',
);
const output = {
	UltimoId: '00000006712',
	ExternalId: 'cal-1',
	SpaceId: 'C-25',
	Description: 'Team meeting',
	ApplicantId: 'ULTIMO',
	StartTime: '2026-11-22T09:00:00Z',
	EndTime: '2026-11-22T10:00:00Z',
};
type Script = Array<ReturnType<typeof lost> | typeof created | typeof taken>;

/** Runs one Create against these answers, in this order, and says what was asked. */
async function create(answers: Script, changes: object = {}) {
	const seen = ultimo((_, index) => answers[index] ?? lost('UNEXPECTED'));
	const result = await fast(runNode({ parameters: { ...parameters, ...changes } }));
	const asked = seen.map(({ path }) => path.split('_').at(-1));
	return { seen, asked, items: result.items.map(({ json }) => json), error: result.error };
}
const CREATE = 'CreateReservation';
const LOOK = 'GetReservationsForSpace';

it('sends exactly this, and gives what calendars and the next node need', async () => {
	const { seen, items } = await create([created]);
	expect(seen).toEqual([
		{
			method: 'POST',
			path: '/api/v1/action/REST_CreateReservation',
			apiKey: 'k3y-of-the-tests',
			elementId: '0167a94a-5dae-4efe-bf13-029a47728b97',
			body,
		},
	]);
	expect(items).toEqual([output]);
	expect(Object.keys(items[0])).toEqual(Object.keys(output));
});

it('sends empty texts as such', async () => {
	const { seen } = await create([created], { description: '', externalId: '' });
	expect(seen[0].body).toEqual({ ...body, Description: '', ExternalId: '' });
});

it.each([
	['quotes', `"double", 'single', \`back\`, «guillemets»`],
	['line breaks and tabs', 'one\r\ntwo\nthree\tfour'],
	['blanks around it', '  indented  '],
	['Unicode', 'Überprüfung 会議 اجتماع 👩‍👩‍👧 ﬁ e\u0301'],
	['what looks like code', '<b>&amp;</b> \\u0041 ${x} {{ not an expression }} %20 \0'],
	['20,000 characters', 'ä'.repeat(20_000)],
])('texts arrive as typed: %s', async (_, text) => {
	const { seen, items } = await create([created], { description: text, externalId: text });
	expect(seen[0].body).toEqual({ ...body, Description: text, ExternalId: text });
	expect(items[0]).toMatchObject({ Description: text, ExternalId: text });
});

it("gives Ultimo's answer to a text that is too long for it", async () => {
	const tooLong = refusal('2001', 'Description is longer than 100 characters.');
	const { error, asked } = await create([tooLong], { description: 'x'.repeat(101) });
	expect(asked).toEqual([CREATE]);
	expect(error?.message).toBe('Description is longer than 100 characters. [2001]');
	expect(error?.context).toMatchObject({ outcome: 'refused', code: '2001' });
});

it('takes a whole number as the external id of the own system', async () => {
	const { seen } = await create([created], { externalId: '={{ 4711 }}' });
	expect(seen[0].body).toEqual({ ...body, ExternalId: '4711' });
});

describe('a taken space (1015)', () => {
	it('says who has it', async () => {
		const { seen, asked, error } = await create([taken, listed(other)]);
		expect(asked).toEqual([CREATE, LOOK]);
		expect(seen[1].body).toEqual(lookBody);
		expect(error?.name).toBe('NodeApiError');
		expect(error?.message).toMatch(/Meeting room 2 is not available\. \[1015\]$/);
		expect(error?.description).toContain(
			'Ultimo has at that time "Job interview" of Bakker, M. from 2026-11-22 10:00 to 10:30 (Europe/Amsterdam, UltimoId 00000006700, status Processed).',
		);
		expect(error?.context).toMatchObject({ outcome: 'refused', code: '1015', itemIndex: 0 });
	});

	it('says so when it is the very same reservation', async () => {
		const { error } = await create([taken, listed(ours)]);
		expect(error?.description).toContain('so it was probably made before');
	});

	it('names those whose preparation or cleanup is in the way, not the neighbours', async () => {
		const before = {
			...other,
			StartTime: '2026-11-22T09:00:00.000000+01:00',
			EndTime: '2026-11-22T10:00:00.000000+01:00',
		};
		const cleanup = { EndTimeIncludingCleanupTime: '2026-11-22T10:15:00.000000+01:00' };
		const alone = await create([taken, listed(before)]);
		expect(alone.error?.description).not.toContain('Job interview');
		nock.cleanAll();
		const { error } = await create([taken, listed({ ...before, ...cleanup })]);
		expect(error?.description).toContain('Job interview');
	});

	it.each([
		['is lost', [taken, ...Array(4).fill(lost('ECONNRESET'))], 5],
		['is forbidden', [taken, { status: 403, body: '' }], 2],
		['makes no sense', [taken, { body: { properties: { Output: 'soon' } } }], 2],
		['shows nothing', [taken, listed()], 2],
	] as Array<[string, Script, number]>)('stays as it is when the look-up %s', async (_, script, n) => {
		const { error, asked } = await create(script);
		expect(asked).toHaveLength(n);
		expect(error?.message).toMatch(/is not available\. \[1015\]$/);
		expect(error?.context).toMatchObject({ outcome: 'refused', code: '1015', httpStatus: 400 });
	});

	it('goes on with the other items when the key may not list', async () => {
		const answers: Script = [taken, { status: 403, body: '' } as never, created];
		ultimo((_, index) => answers[index]);
		const node = { onError: 'continueRegularOutput' as const };
		const items = [{ n: 1 }, { n: 2 }];
		const result = await fast(runNode({ items, parameters, node }));
		expect(result.items.map(({ json }) => json)).toEqual([
			{ n: 1, error: expect.objectContaining({ code: '1015', outcome: 'refused' }) },
			output,
		]);
	});
});

describe('a lost answer', () => {
	const gone = lost('ECONNRESET');

	it.each<[string, Script, string[]]>([
		['finds it', [gone, listed(other, ours)], [CREATE, LOOK]],
		[
			'finds it though Ultimo keeps other blanks',
			[gone, listed({ ...ours, Description: ' Team \r\n meeting ' })],
			[CREATE, LOOK],
		],
		['asks again when the space is free', [gone, listed(), created], [CREATE, LOOK, CREATE]],
		[
			'takes neighbours for no obstacle',
			[gone, listed({ ...other, StartTime: '2026-11-22T11:00:00+01:00', EndTime: '2026-11-22T12:00:00+01:00' }), created],
			[CREATE, LOOK, CREATE],
		],
		[
			'finds it when the first request got through late',
			[gone, listed(), taken, listed(ours)],
			[CREATE, LOOK, CREATE, LOOK],
		],
		[
			'finds it when the second answer is lost as well',
			[gone, listed(), gone, listed(ours)],
			[CREATE, LOOK, CREATE, LOOK],
		],
		[
			'asks a third time',
			[gone, listed(), gone, listed(), created],
			[CREATE, LOOK, CREATE, LOOK, CREATE],
		],
		[
			'is not fooled by a cancelled one that looks the same',
			[gone, listed({ ...ours, UltimoId: '00000006600', Status: 'Cancelled' }), created],
			[CREATE, LOOK, CREATE],
		],
		[
			'takes one with another status for it once Ultimo says that the space is taken',
			[gone, listed({ ...ours, Status: 'Verwerkt' }), taken, listed({ ...ours, Status: 'Verwerkt' })],
			[CREATE, LOOK, CREATE, LOOK],
		],
		['repeats a look whose answer is lost', [gone, gone, listed(ours)], [CREATE, LOOK, LOOK]],
		['looks when a proxy answered', [{ status: 502, body: '<html>' } as never, listed(ours)], [CREATE, LOOK]],
		['looks when the answer was cut off', [{ body: '{"properties": {"Ul' } as never, listed(ours)], [CREATE, LOOK]],
		['looks when the answer holds no UltimoId', [{ body: { properties: {} } } as never, listed(ours)], [CREATE, LOOK]],
	])('%s', async (_, script, requests) => {
		const { asked, items, seen, error } = await create(script);
		expect(error).toBeUndefined();
		expect(asked).toEqual(requests);
		expect(items).toEqual([output]);
		for (const { body: sent, path } of seen) {
			expect(sent).toEqual(path.endsWith(LOOK) ? lookBody : body);
		}
	});

	it.each<[string, Script, RegExp, number]>([
		['somebody else has the space', [gone, listed(other)], /not in Ultimo's list, but at that time there is "Job interview"/, 2],
		[
			'the times are the same but the text is not',
			[gone, listed({ ...ours, Description: 'Team meet' })],
			/there is "Team meet" of Fasse, J\./,
			2,
		],
		['the look is forbidden', [gone, { status: 403, body: '' } as never], /Looking for it in Ultimo failed: .*403/, 2],
		['the looks get lost', Array(9).fill(gone), /Looking for it in Ultimo failed: The connection was lost/, 5],
		[
			'all tries get lost',
			[gone, listed(), gone, listed(), gone, listed()],
			/Neither this reservation nor another/,
			6,
		],
		[
			'Ultimo refuses the second try for another reason',
			[gone, listed(), refusal('2002', 'Unknown applicant.')],
			/asked for again: Unknown applicant\. \[2002\]/,
			3,
		],
		[
			'the second try is refused, and somebody else has it',
			[gone, listed(), taken, listed(other)],
			/there is "Job interview"/,
			4,
		],
		['an answer without UltimoId, and nothing there', [{ body: { properties: {} } } as never, listed()], /Neither/, 2],
	])('stays unknown when %s, and tells what was seen', async (_, script, words, requests) => {
		const { error, asked, items } = await create(script);
		expect(items).toEqual([]);
		expect(asked).toHaveLength(requests);
		expect(error?.context).toMatchObject({ outcome: 'unknown', itemIndex: 0 });
		expect(error?.description).toMatch(words);
	});

	it('does not take what another item of the run made for its own', async () => {
		const answers: Script = [created, gone, listed(ours)];
		const seen = ultimo((_, index) => answers[index]);
		const node = { onError: 'continueRegularOutput' as const };
		const items = [{ n: 1 }, { n: 2 }];
		const result = await fast(runNode({ items, parameters, node }));
		expect(seen).toHaveLength(3);
		expect(result.items.map(({ json }) => json)).toEqual([
			output,
			{ n: 2, error: expect.objectContaining({ outcome: 'unknown' }) },
		]);
	});
});

it('a request that was never sent is repeated without a look', async () => {
	const { asked, items } = await create([lost('ECONNREFUSED'), created]);
	expect(asked).toEqual([CREATE, CREATE]);
	expect(items).toEqual([output]);
});

it('an ignored code leaves a skipped item', async () => {
	const { items } = await create([taken, listed(other)], { options: { ignoreErrorCodes: '1015' } });
	expect(items).toEqual([expect.objectContaining({ ...body, skipped: true, code: '1015' })]);
});
