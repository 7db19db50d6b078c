import {
	parameters,
	body,
	lookBody,
	ours,
	other,
	created,
	listed,
	taken,
	output,
	type Script,
	create,
	CREATE,
	LOOK,
} from '../support/create';
import { runNode } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { lost, refusal, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();

describe('a lost answer', () => {
	const gone = lost('ECONNRESET');

	it.each<[string, Script, string[]]>([
		['finds it', [gone, listed(other, ours)], [CREATE, LOOK]],
		[
			'finds it though Ultimo keeps other blanks',
			[gone, listed({ ...ours, Description: ' Team \r\n meeting ' })],
			[CREATE, LOOK],
		],
		[
			'finds it though Ultimo writes the applicant in another case',
			[gone, listed({ ...ours, ApplicantId: 'Ultimo ' })],
			[CREATE, LOOK],
		],
		['asks again when the space is free', [gone, listed(), created], [CREATE, LOOK, CREATE]],
		[
			'takes neighbours for no obstacle',
			[
				gone,
				listed({
					...other,
					StartTime: '2026-11-22T11:00:00+01:00',
					EndTime: '2026-11-22T12:00:00+01:00',
				}),
				created,
			],
			[CREATE, LOOK, CREATE],
		],
		[
			'lets Ultimo say whether the cleanup of another is in the way',
			[
				gone,
				listed({
					...other,
					StartTime: '2026-11-22T09:00:00+01:00',
					EndTime: '2026-11-22T10:00:00+01:00',
					EndTimeIncludingCleanupTime: '2026-11-22T10:15:00+01:00',
				}),
				created,
			],
			[CREATE, LOOK, CREATE],
		],
		[
			'looks again when a look is refused',
			[gone, refusal('2003', 'Busy.'), listed(ours)],
			[CREATE, LOOK, LOOK],
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
			[
				gone,
				listed({ ...ours, Status: 'Verwerkt' }),
				taken,
				listed({ ...ours, Status: 'Verwerkt' }),
			],
			[CREATE, LOOK, CREATE, LOOK],
		],
		['repeats a look whose answer is lost', [gone, gone, listed(ours)], [CREATE, LOOK, LOOK]],
		[
			'looks when a proxy answered',
			[{ status: 502, body: '<html>' } as never, listed(ours)],
			[CREATE, LOOK],
		],
		[
			'looks when the answer was cut off',
			[{ body: '{"properties": {"Ul' } as never, listed(ours)],
			[CREATE, LOOK],
		],
		[
			'looks when the answer holds no UltimoId',
			[{ body: { properties: {} } } as never, listed(ours)],
			[CREATE, LOOK],
		],
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
		[
			'somebody else has the space',
			[gone, listed(other)],
			/not in Ultimo's list, but at that time there is "Job interview"/,
			2,
		],
		[
			'the times are the same but the text is not',
			[gone, listed({ ...ours, Description: 'Team meet' })],
			/there is "Team meet" of Fasse, J\./,
			2,
		],
		[
			'the look is forbidden',
			[gone, { status: 403, body: '' } as never],
			/Looking for it in Ultimo failed: .*403/,
			2,
		],
		[
			'the looks get lost',
			Array(13).fill(gone),
			/Looking for it in Ultimo failed: The connection was lost/,
			13,
		],
		[
			'all tries get lost',
			[gone, listed(), gone, listed(), gone, listed()],
			/Neither this reservation nor another/,
			6,
		],
		[
			'Ultimo refuses the second try for another reason',
			[gone, listed(), refusal('2002', 'Unknown applicant.')],
			/asked for again: Unknown applicant \[2002\]/,
			3,
		],
		[
			'the second try is refused, and somebody else has it',
			[gone, listed(), taken, listed(other)],
			/there is "Job interview"/,
			4,
		],
		[
			'an answer without UltimoId, and nothing there',
			[{ body: { properties: {} } } as never, listed()],
			/Neither/,
			2,
		],
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
