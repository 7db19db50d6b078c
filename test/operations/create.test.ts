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
import { askedFor, listed, lost, refusal, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();

it('sends exactly this, and gives what calendars and the next node need', async () => {
	const { seen, items } = await create([created]);
	expect(seen).toEqual([askedFor('REST_CreateReservation', body)]);
	expect(items).toEqual([output]);
	expect(Object.keys(items[0])).toEqual(Object.keys(output));
});

it('sends an empty external id as such', async () => {
	const { seen } = await create([created], { externalId: '' });
	expect(seen[0].body).toEqual({ ...body, ExternalId: '' });
});

it.each([
	['quotes', `"double", 'single', \`back\`, «guillemets»`],
	['line breaks and tabs', 'one\r\ntwo\nthree\tfour'],
	['blanks around it', '  indented  '],
	['Unicode', 'Überprüfung 会議 اجتماع 👩‍👩‍👧 ﬁ e\u0301'],
	['what looks like code', '<b>&amp;</b> \\u0041 ${x} {{ not an expression }} %20 \0'],
	['20,000 characters', 'ä'.repeat(20_000)],
])('texts arrive as typed: %s', async (_, text) => {
	const { seen, items } = await create([created], { subject: text, externalId: text });
	expect(seen[0].body).toEqual({ ...body, Description: text, ExternalId: text });
	expect(items[0]).toMatchObject({ Description: text, ExternalId: text });
});

it("gives Ultimo's answer to a text that is too long for it", async () => {
	const tooLong = refusal('2001', 'Description is longer than 100 characters.');
	const { error, asked } = await create([tooLong], { subject: 'x'.repeat(101) });
	expect(asked).toEqual([CREATE]);
	expect(error?.message).toBe('Description is longer than 100 characters [2001]');
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
		expect(error?.message).toMatch(/Meeting room 2 is not available \[1015\]$/);
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
	] as Array<[string, Script, number]>)(
		'stays as it is when the look-up %s',
		async (_, script, n) => {
			const { error, asked } = await create(script);
			expect(asked).toHaveLength(n);
			expect(error?.message).toMatch(/is not available \[1015\]$/);
			expect(error?.context).toMatchObject({ outcome: 'refused', code: '1015', httpStatus: 400 });
		},
	);

	it('goes on with the other items when the key may not list', async () => {
		const script = [taken, { status: 403, body: '' } as never, created];
		const two = [{ n: 1 }, { n: 2 }];
		const node = { onError: 'continueRegularOutput' as const };
		const { items } = await create(script, {}, { items: two, node });
		expect(items).toEqual([
			{ n: 1, error: expect.objectContaining({ code: '1015', outcome: 'refused' }) },
			output,
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
	const skipped = { created: false, skipped: true, code: '1015' };
	const message = expect.stringMatching(/not available/);
	expect(items).toEqual([{ ...output, UltimoId: undefined, ...skipped, message }]);
});
