import { body, created, lookBody, other, output, parameters, taken } from '../support/create';
import { runNode, type Setup } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import {
	askedToRead,
	listed,
	lists,
	lost,
	type Seen,
	ultimo,
	withoutNetwork,
} from '../support/ultimo';

withoutNetwork();
withFakeTime();

const byEmail = (value = '={{ $json.email }}') => ({
	...parameters,
	applicantId: { __rl: true, mode: 'email', value },
});
const fasse = { Id: 'ULTIMO', Description: 'Fasse, J.', EmailAdress: 'J.Fasse@example.com' };
const create = (setup: Setup) => fast(runNode({ parameters: byEmail(), ...setup }));
const asked = (seen: Seen[]) => seen.map(({ path }) => path.split(/[/_]/).at(-1));
const errorOf = (item?: { json: object }) =>
	(item?.json as { error: Record<string, unknown> } | undefined)?.error;

/** Answers look-ups by `people` and all else by `others`. */
const ultimoOf = (people: object, others: object = created) =>
	ultimo((_, _index, { method }) => (method === 'GET' ? people : others));

it('looks an address up, then sends exactly what an id would send', async () => {
	const seen = ultimoOf(lists(fasse));
	const { items } = await create({ items: [{ email: ' j.fasse@EXAMPLE.com ' }] });
	expect(seen).toEqual([
		askedToRead('Employee', {
			filter: "(EmailAdress eq 'j.fasse@EXAMPLE.com' or EmailAdress eq 'j.fasse@example.com')",
			orderby: 'Id',
			top: '6',
			count: 'true',
		}),
		expect.objectContaining({ method: 'POST', body }),
	]);
	expect(items).toEqual([{ json: output, pairedItem: { item: 0 } }]);
});

it('looks each address up once a run, in any case', async () => {
	const seen = ultimoOf(lists({ Id: 'ULTIMO' }));
	const items = ['a', 'A', 'a', 'a'].map((letter) => ({ email: `${letter}@x.nl` }));
	const result = await create({ items });
	expect(result.items).toHaveLength(4);
	expect(asked(seen)).toEqual(['Employee', ...Array(4).fill('CreateReservation')]);
});

it.each([
	['an id', { __rl: true, mode: 'id', value: 'j.fasse@example.com' }, 'j.fasse@example.com'],
	['one of the list', { __rl: true, mode: 'list', value: 'BAKKER' }, 'BAKKER'],
	['an expression in place of the field', '={{ "BAKKER" }}', 'BAKKER'],
])('looks nobody up for %s', async (_, applicantId, ApplicantId) => {
	const seen = ultimoOf(lists());
	await create({ parameters: { ...parameters, applicantId } });
	expect(seen.map((one) => one.body)).toEqual([{ ...body, ApplicantId }]);
});

it('takes an expression in place of the field that gives an address', async () => {
	const seen = ultimoOf(lists(fasse));
	const applicantId = '={{ "j.fasse@example.com" }}';
	await create({ parameters: { ...parameters, applicantId } });
	expect(seen[1].body).toEqual(body);
});

describe('sends nothing', () => {
	const jansen = { Id: 'JANSEN', Description: 'Jansen, K.', EmailAdress: 'r@example.com' };
	it.each([
		[
			'when nobody has the address',
			lists(),
			'Nobody in Ultimo has the e-mail address r@example.com',
			/^Check the address\. The API key may not see everybody, .* enter it instead of the address\.$/,
		],
		[
			'when several have it',
			lists(jansen, { ...jansen, Id: 'JANSEN2' }),
			'Several people in Ultimo have the e-mail address r@example.com: JANSEN (Jansen, K.), JANSEN2 (Jansen, K.)',
			/^Enter the ID of the one who is meant instead of the address\.$/,
		],
		[
			'when several have it, of whom Ultimo gives no name',
			lists({ ...jansen, Description: { odd: 1 } }, { ...jansen, Id: 'J2', Description: null }),
			'Several people in Ultimo have the e-mail address r@example.com: JANSEN, J2',
			/^Enter the ID of the one/,
		],
		[
			'when very many have it',
			lists(...Array.from({ length: 6 }, (_, n) => ({ ...jansen, Id: `J${n}` }))),
			/: J0 \(Jansen, K\.\), .*, J4 \(Jansen, K\.\) and more$/,
			/instead of the address\.$/,
		],
		[
			'when Ultimo gives somebody else',
			lists(fasse),
			'Nobody in Ultimo has the e-mail address r@example.com',
			/instead of the address\.$/,
		],
		[
			'when the key may not read people',
			{ status: 403, body: { message: 'Not authorized', code: 'NotAuthorized' } },
			'Not authorized [NotAuthorized]',
			/^This API key may not read employees\. Ask your application manager to let it read Employee\. .* enter it instead: that needs no such right\.$/,
		],
		[
			'when the key is wrong',
			{ status: 401, body: { message: 'Invalid API key', code: 'InvalidApiKey' } },
			'Invalid API key [InvalidApiKey]',
			/^Ultimo does not accept the API key/,
		],
		[
			'when the answer is lost again and again',
			lost('ECONNRESET'),
			/connection was lost/,
			/^The applicant could not be looked up\. Run it again, or enter the ID instead of the address\.$/,
		],
	])('%s', async (_, people, message, description) => {
		const seen = ultimoOf(people);
		const { error, items } = await create({ items: [{ email: 'r@example.com' }] });
		expect(items).toEqual([]);
		expect(seen.filter(({ method }) => method === 'POST')).toEqual([]);
		if (typeof message === 'string') expect(error?.message).toBe(message);
		else expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(description);
		expect(error?.context).toMatchObject({ outcome: 'notSent', itemIndex: 0 });
	});

	it('for such an item only, when the workflow goes on', async () => {
		const seen = ultimo((_, _index, { method, query }) =>
			method === 'POST' ? created : query?.filter.includes('fasse') ? lists(fasse) : lists(),
		);
		const items = [{ email: 'no@x.nl' }, { email: 'j.fasse@example.com' }, { email: 'NO@x.nl' }];
		const result = await create({ items, node: { onError: 'continueRegularOutput' } });
		expect(result.json).toEqual([
			{ email: 'no@x.nl', error: expect.objectContaining({ outcome: 'notSent' }) },
			output,
			{ email: 'NO@x.nl', error: expect.objectContaining({ outcome: 'notSent' }) },
		]);
		expect(errorOf(result.items[2])?.message).toContain('address NO@x.nl.');
		expect(asked(seen)).toEqual(['Employee', 'Employee', 'CreateReservation']);
	});

	it('when the key may read people, but not their addresses', async () => {
		const refused = {
			status: 400,
			body: { message: "Unknown property 'EmailAdress'", code: 'FilterSyntaxError' },
		};
		const seen = ultimoOf(refused);
		const { error } = await create({ items: [{ email: 'r@example.com' }] });
		expect(error?.description).toBe(
			"This API key may not read employees' e-mail addresses. Ask your application manager to let it read EmailAdress, or enter the ID of the one who is meant instead of the address.",
		);
		expect(asked(seen)).toEqual(['Employee', 'Employee']);
	});
});

it('says who has a taken space, and takes the same for its own by the id', async () => {
	const reserved = { ...other, ApplicantId: 'ULTIMO', Description: 'Team meeting' };
	const seen = ultimo((sent, _, { method }) =>
		method === 'GET' ? lists(fasse) : 'From' in sent ? listed(reserved) : taken,
	);
	const { error } = await create({ items: [{ email: 'j.fasse@example.com' }] });
	expect(asked(seen)).toEqual(['Employee', 'CreateReservation', 'GetReservationsForSpace']);
	expect(seen[2].body).toEqual(lookBody);
	expect(error?.description).toContain('Ultimo has at that time "Team meeting" of Bakker, M.');
});

it('an item whose reservation is in doubt stays so when the next try can look nobody up', async () => {
	let tries = 0;
	const seen = ultimo((_, _index, { method }) => {
		if (method === 'POST') return lost('ECONNRESET');
		return tries++ === 0 ? lists(fasse) : { status: 403, body: '' };
	});
	const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
	const { error } = await create({ items: [{ email: 'j.fasse@example.com' }], node });
	expect(asked(seen).filter((action) => action === 'Employee')).toHaveLength(2);
	expect(error?.context.outcome).toBe('unknown');
});

describe('as a filter of Get Many', () => {
	const getAll = { operation: 'getAll', spaceId: 'C-25', from: '2026-11-22', till: '2026-11-29' };
	const filters = { applicantId: 'J.Fasse@example.com' };
	const collection = ['BAKKER', 'ultimo'].map((ApplicantId, n) => ({
		UltimoId: `${n}`,
		ApplicantId,
	}));
	const listing = listed(...collection);

	it('an address stands for the id', async () => {
		const seen = ultimoOf(lists(fasse), listing);
		const { items } = await fast(runNode({ parameters: { ...getAll, filters } }));
		expect(items.map(({ json }) => json.ApplicantId)).toEqual(['ultimo']);
		expect(asked(seen)).toEqual(['Employee', 'GetReservationsForSpace']);
	});

	it.each([
		['nobody', lists()],
		['a key that may not read people', { status: 404, body: '' }],
	])('%s is an error, and not all or nothing', async (_, people) => {
		const seen = ultimoOf(people, listing);
		const { items, error } = await fast(runNode({ parameters: { ...getAll, filters } }));
		expect(items).toEqual([]);
		expect(error?.description).toContain('enter it instead');
		expect(asked(seen)).toEqual(['Employee']);
	});
});
