import nock from 'nock';

import {
	body,
	lookBody,
	ours,
	other,
	created,
	taken,
	output,
	type Script,
	create,
	CREATE,
	LOOK,
} from '../support/create';
import { withFakeTime } from '../support/time.mts';
import { listed, lost, refusal, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();

describe('a lost answer', () => {
	const gone = lost('ECONNRESET');
	const older = { ...ours, UltimoId: '00000006600' };
	const noId = { body: { properties: {} } } as never;

	/** Another Create before it met a lost answer, so what is there is looked at first. */
	async function createAfterALoss(script: Script) {
		await create([gone, listed(), { body: { properties: { UltimoId: '00000006000' } } }], {
			spaceId: 'C-26',
		});
		nock.cleanAll();
		return await create(script);
	}

	it.each<[string, Script, string[]]>([
		['finds it', [listed(), gone, listed(other, ours)], [LOOK, CREATE, LOOK]],
		[
			'finds it though Ultimo keeps other blanks',
			[listed(), gone, listed({ ...ours, Description: ' Team \r\n meeting ' })],
			[LOOK, CREATE, LOOK],
		],
		[
			'finds it though Ultimo writes the applicant in another case',
			[listed(), gone, listed({ ...ours, ApplicantId: 'Ultimo ' })],
			[LOOK, CREATE, LOOK],
		],
		[
			'finds it in whatever status it is',
			[listed(), gone, listed({ ...ours, Status: 'Aangevraagd' })],
			[LOOK, CREATE, LOOK],
		],
		[
			'finds it beside an older one that looks the same',
			[listed(older), gone, listed(older, ours)],
			[LOOK, CREATE, LOOK],
		],
		[
			'looks again when a look is refused',
			[listed(), gone, refusal('2003', 'Busy.'), listed(ours)],
			[LOOK, CREATE, LOOK, LOOK],
		],
		[
			'repeats a look whose answer is lost',
			[gone, listed(), gone, gone, listed(ours)],
			[LOOK, LOOK, CREATE, LOOK, LOOK],
		],
		[
			'looks when a proxy answered',
			[listed(), { status: 502, body: '<html>' } as never, listed(ours)],
			[LOOK, CREATE, LOOK],
		],
		[
			'looks when the answer was cut off',
			[listed(), { body: '{"properties": {"Ul' } as never, listed(ours)],
			[LOOK, CREATE, LOOK],
		],
		[
			'is made where Ultimo does not list',
			[{ status: 403, body: '' } as never, created],
			[LOOK, CREATE],
		],
		['is made where a look fails', [refusal('2003', 'Busy.'), created], [LOOK, CREATE]],
	])('after another one: %s', async (_, script, requests) => {
		const { asked, items, error } = await createAfterALoss(script);
		expect(error).toBeUndefined();
		expect(asked).toEqual(requests);
		expect(items).toEqual([output]);
	});

	it('after another one: sends nothing while Ultimo is out of reach', async () => {
		const { asked, error } = await createAfterALoss(Array(4).fill(gone));
		expect(asked).toEqual([LOOK, LOOK, LOOK, LOOK]);
		expect(error?.context).toMatchObject({ outcome: 'notSent', code: 'ECONNRESET', itemIndex: 0 });
		expect(error?.description).toContain('Run it again later.');
	});

	it.each<[string, Script, string[]]>([
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
		...['Cancelled', 'canceled', 'Geannuleerd', ' Storniert'].map(
			(Status): [string, Script, string[]] => [
				`is not fooled by one that looks the same and is ${Status}`,
				[gone, listed({ ...ours, UltimoId: '00000006600', Status }), created],
				[CREATE, LOOK, CREATE],
			],
		),
		[
			'looks when the answer holds no UltimoId, and finds the only one that it can be',
			[noId, listed(ours)],
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
		...['Processed', 'Aangevraagd', 'Requested', 'cancellation requested', null, undefined].map(
			(Status): [string, Script, RegExp, number] => [
				`one that looks the same (${Status}) may have been there before`,
				[gone, listed({ ...ours, Status })],
				/Ultimo has "Team meeting" of Fasse, J\..*UltimoId 00000006712, status .*: the one asked for, or another that looks the same\.$/,
				2,
			],
		),
		[
			'a reservation of a status that is not known is in the way',
			[gone, listed({ ...other, Status: 'Requested' })],
			/there is "Job interview" .*status Requested/,
			2,
		],
		[
			'the answer to the second try holds no UltimoId',
			[gone, listed(), noId, listed()],
			/Neither/,
			4,
		],
		[
			'two that look the same are there after two tries',
			[gone, listed(), taken, listed(ours, older)],
			/UltimoId 00000006600.*UltimoId 00000006712.*or another that looks the same/,
			4,
		],
		[
			'the answer holds no UltimoId, and one of another status is there',
			[noId, listed({ ...ours, Status: 'Requested' })],
			/status Requested.*or another/,
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
		['an answer without UltimoId, and nothing there', [noId, listed()], /Neither/, 2],
	])('stays unknown when %s, and tells what was seen', async (_, script, words, requests) => {
		const { error, asked, items } = await create(script);
		expect(items).toEqual([]);
		expect(asked).toHaveLength(requests);
		expect(error?.context).toMatchObject({ outcome: 'unknown', itemIndex: 0 });
		expect(error?.description).toMatch(words);
	});

	it('does not take what another item of the run made for its own', async () => {
		const { seen, items } = await create(
			[created, gone, listed(ours)],
			{},
			{ items: [{ n: 1 }, { n: 2 }], node: { onError: 'continueRegularOutput' } },
		);
		expect(seen).toHaveLength(3);
		expect(items).toEqual([
			output,
			{ n: 2, error: expect.objectContaining({ outcome: 'unknown' }) },
		]);
	});
});
