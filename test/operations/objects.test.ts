import nock from 'nock';

import { defaults } from '../../dev/ultimo/options.mts';
import { startUltimo, type LocalUltimo, type UltimoOptions } from '../../dev/ultimo/server.mts';
import { runNode, type Setup } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { askedToRead, lists, lost, ultimo, withoutNetwork } from '../support/ultimo';

const getAll = { operation: 'getAll', returnAll: true };
const spaces = { ...getAll, resource: 'space' };
const employees = { ...getAll, resource: 'employee' };

describe('requests', () => {
	withoutNetwork();
	withFakeTime();
	const always = { orderby: 'Id', count: 'true' };

	it('Space: sends exactly this, and gives what the next node takes', async () => {
		const room = { Id: 'C-25', Description: 'Meeting room 2', Context: 1, Site: '01' };
		const seen = ultimo(() => lists(room));
		const result = await runNode({ parameters: { ...spaces, returnAll: false } });
		expect(seen).toEqual([askedToRead('Space', { ...always, top: '50' })]);
		expect(result.items).toEqual([{ json: { ...room, SpaceId: 'C-25' }, pairedItem: { item: 0 } }]);
	});

	const three = Array.from({ length: 300 }, (_, n) => `C-${1000 + n}`);
	const twoPages = [undefined, '250'];
	it.each<
		[
			string,
			{ second?: string[]; count?: number },
			lacks: number,
			skips: unknown[],
			isSaid: boolean,
		]
	>([
		['nothing happened', {}, 0, twoPages, false],
		['one was deleted', { second: three.slice(1) }, 1, twoPages, true],
		['one was made at the end', { second: [...three, 'D'] }, 0, twoPages, false],
		['one was made in front', { second: ['A', ...three] }, 0, [...twoPages, '300'], true],
		['the second page is empty', { second: [], count: 300 }, 50, twoPages, true],
	])('Space, page by page: %s', async (_, { second = three, count }, lacks, skips, isSaid) => {
		const seen = ultimo((_body, index, { query }) => {
			const rooms = index === 0 ? three : second;
			const page = rooms.slice(Number(query?.skip ?? 0)).slice(0, 250);
			return { body: { count: count ?? rooms.length, items: page.map((Id) => ({ Id })) } };
		});
		const { json, error, run } = await fast(runNode({ parameters: spaces }));
		expect(error).toBeUndefined();
		expect(three.filter((id) => !json.some(({ SpaceId }) => SpaceId === id))).toHaveLength(lacks);
		expect(seen.map(({ query }) => query?.skip)).toEqual(skips);
		const hints = run.data.resultData.runData.Ultimo[0].hints ?? [];
		expect(hints.map(({ message }) => message)).toEqual(
			isSaid ? [expect.stringContaining('so it may lack others. Run it again')] : [],
		);
	});

	it('Space: a count of each page tells nothing of the whole list', async () => {
		ultimo((_body, _index, { query }) => {
			const page = three.slice(Number(query?.skip ?? 0)).slice(0, 250);
			return { body: { count: page.length, items: page.map((Id) => ({ Id })) } };
		});
		const { json, run } = await fast(runNode({ parameters: spaces }));
		expect(json).toHaveLength(300);
		expect(run.data.resultData.runData.Ultimo[0].hints ?? []).toEqual([]);
	});

	it('Employee: sends exactly this, and gives what the next node takes', async () => {
		const fasse = { Id: 'ULTIMO', Description: 'Fasse, J.', EmailAddress: 'j.fasse@example.com' };
		const canteen = { Id: 'CANTEEN', Description: 'Canteen', EmailAddress: null };
		const seen = ultimo(() => lists(fasse, canteen));
		const result = await runNode({ parameters: employees });
		expect(seen).toEqual([askedToRead('Employee', { ...always, top: '250' })]);
		expect(result.json).toEqual([
			{
				ApplicantId: 'ULTIMO',
				Id: 'ULTIMO',
				Description: 'Fasse, J.',
				Email: 'j.fasse@example.com',
			},
			{ ApplicantId: 'CANTEEN', Id: 'CANTEEN', Description: 'Canteen' },
		]);
	});

	it.each<[object, string]>([
		[
			{ ...spaces, filters: { search: ' room ' } },
			"(Description like '%room%' or Id like '%room%')",
		],
		[{ ...spaces, filters: { site: "o'1" } }, "(Site eq 'o''1')"],
		[{ ...spaces, filters: { query: "Context eq 1 or Id eq 'x'" } }, "(Context eq 1 or Id eq 'x')"],
		[
			{ ...spaces, filters: { query: 'Context eq 1', site: '01', search: 'a+b/c%_é' } },
			"(Description like '%a+b/c%_é%' or Id like '%a+b/c%_é%') and (Site eq '01') and (Context eq 1)",
		],
		[{ ...employees, filters: { externalId: '00 4711' } }, "(ExternalId eq '00 4711')"],
		[
			{ ...employees, filters: { email: " S.O'Brien@x.nl " } },
			"(EmailAdress eq 'S.O''Brien@x.nl' or EmailAdress eq 's.o''brien@x.nl')",
		],
		[{ ...employees, filters: { search: '@x.nl' } }, "(EmailAdress like '%@x.nl%')"],
		[
			{ ...employees, filters: { search: '👩‍👩‍👧 & =?#"\\\u0000', query: 'Status ge 0' } },
			"(Description like '%👩‍👩‍👧 & =?#\"\\\u0000%' or Id like '%👩‍👩‍👧 & =?#\"\\\u0000%') and (Status ge 0)",
		],
	])('%j', async (parameters, filter) => {
		const seen = ultimo(() => lists());
		expect((await runNode({ parameters: { ...parameters } })).json).toEqual([]);
		expect(seen.map(({ query }) => query)).toEqual([
			{ ...always, top: expect.any(String), filter },
		]);
	});

	it('by an e-mail address gives nobody of another, also where Ultimo does not know that filter', async () => {
		const hers = { Id: 'NOVAK', EmailAdress: 'P.Novak@example.com' };
		const hidden = { Id: 'OSEI' };
		ultimo(() => lists({ Id: 'BAKKER', EmailAdress: 'm.bakker@example.com' }, hers, hidden));
		const filters = { email: 'p.novak@example.com' };
		const { json } = await runNode({ parameters: { ...employees, filters } });
		expect(json.map(({ ApplicantId }) => ApplicantId)).toEqual(['NOVAK', 'OSEI']);
	});

	it('encodes every sign that could mean something', async () => {
		const asked: string[] = [];
		nock(/ultimo/)
			.get(/.*/)
			.reply(200, function (uri) {
				asked.push(uri);
				return { items: [] };
			});
		const filters = { search: "é'+%/&#\ud800" };
		await runNode({ parameters: { ...spaces, filters } });
		expect(asked[0]).toMatch(/^\/api\/v1\/object\/Space\?filter=[\w%.*-]+&orderby=Id&/);
		expect(asked[0]).toContain('like%20%27%25%C3%A9%27%27%2B%25%2F%26%23%EF%BF%BD%25%27');
	});

	it('reads a lost page again', async () => {
		const seen = ultimo((_, index) => (index === 0 ? lost('ECONNRESET') : lists({ Id: 'C-25' })));
		expect((await fast(runNode({ parameters: spaces }))).json).toEqual([
			{ Id: 'C-25', SpaceId: 'C-25' },
		]);
		expect(seen).toHaveLength(2);
	});

	it.each([
		['Space', spaces, { Description: 'Meeting room 2' }],
		['Employee', employees, { Id: null, Description: 'Fasse, J.' }],
	])('%s: without an Id nothing can be done with them', async (entity, parameters, item) => {
		ultimo(() => lists(item));
		const { error } = await runNode({ parameters });
		expect(error?.message).toMatch(/^Ultimo gives (spaces|employees) without their Id$/);
		expect(error?.description).toContain(`to let the API key read Id of ${entity}.`);
	});

	it.each([
		['no list', { body: { properties: {} } }],
		['a list of texts', { body: { items: ['C-25'] } }],
		['a web page', { body: '<html>' }],
	])('%s is no list, and no empty one either', async (_, answer) => {
		ultimo(() => answer);
		const { error, items } = await fast(runNode({ parameters: spaces }));
		expect(items).toEqual([]);
		expect(error?.context).toMatchObject({ itemIndex: 0, outcome: 'unknown' });
	});

	it.each([
		['none', { items: [] }],
		['none, as .NET leaves it out', { count: 0 }],
		['null', { count: 0, items: null }],
		['with capitals', { Count: 0, Items: [] }],
	])('an empty list: %s', async (_, body) => {
		const seen = ultimo(() => ({ body }));
		expect((await runNode({ parameters: spaces })).json).toEqual([]);
		expect(seen).toHaveLength(1);
	});
});

describe('with the local Ultimo', () => {
	let local: LocalUltimo;
	beforeAll(() => nock.restore());
	afterEach(async () => await local.stop());

	async function run(parameters: object, changes: Partial<UltimoOptions> = {}, setup: Setup = {}) {
		local = await startUltimo(changes);
		const credential = { baseUrl: local.url, apiKey: defaults.apiKey };
		const result = await runNode({ ...setup, parameters: { ...parameters }, credential });
		return { ...result, ids: result.json.map((json) => json.ApplicantId ?? json.SpaceId) };
	}

	it.each<[object, string[], number]>([
		[{ ...spaces, filters: { search: 'meeting' } }, ['C-25', 'C-26'], 1],
		[{ ...spaces, filters: { search: "director's" } }, ['A/102'], 1],
		[{ ...spaces, filters: { search: 'a/1' } }, ['A/102'], 1],
		[{ ...spaces, filters: { search: '100% &' } }, ['Z-01'], 1],
		[{ ...spaces, filters: { search: 'zürich' } }, ['Z-01'], 1],
		[{ ...spaces, filters: { search: '_' } }, [], 1],
		[{ ...spaces, filters: { search: 'room%2' } }, [], 1],
		[{ ...spaces, filters: { site: '02', query: 'Context eq 1' } }, ['Z-01'], 1],
		[{ ...employees, filters: { search: 'fasse' } }, ['ULTIMO'], 1],
		[{ ...employees, filters: { search: 'lab_7' } }, [], 1],
		[{ ...employees, filters: { search: 'lab 100%' } }, ['R&D/07'], 1],
		[{ ...employees, filters: { search: 'LAB_7+100%@' } }, ['R&D/07'], 1],
		[{ ...employees, filters: { search: '田中' } }, ['TANAKA'], 1],
		[{ ...employees, filters: { email: "S.O'BRIEN@example.com" } }, ["O'BRIEN"], 1],
		[{ ...employees, filters: { email: 'ä.müller@example.com' } }, ['MÜLLER'], 1],
		[{ ...employees, filters: { email: 'lab_7+100%@example.com' } }, ['R&D/07'], 1],
		[{ ...employees, filters: { email: 'reception@example.com' } }, ['JANSEN', 'JANSEN2'], 1],
		[{ ...employees, filters: { email: 't.devries@example.com' } }, [], 1],
		[{ ...employees, filters: { externalId: "HR-10'05" } }, ["O'BRIEN"], 1],
		[{ ...employees, filters: { query: "Department eq '10'" } }, ['ULTIMO'], 1],
	])('%j', async (parameters, expected, requests) => {
		const { ids, error } = await run(parameters);
		expect(error).toBeUndefined();
		expect(ids).toEqual(expected);
		expect(local.ledger).toHaveLength(requests);
	});

	it('finds out once which spelling of the address an environment has', async () => {
		const items = ['j.fasse', 'm.bakker', 'p.novak', 'nobody'].map((name) => ({ name }));
		const filters = { email: '={{ $json.name }}@example.com' };
		const parameters = { ...employees, filters };
		const result = await run(parameters, { emailProperty: 'EmailAddress' }, { items });
		expect(
			result.items.map(({ json, pairedItem }) => [json.ApplicantId, json.Email, pairedItem]),
		).toEqual([
			['ULTIMO', 'j.fasse@example.com', { item: 0 }],
			['BAKKER', 'm.bakker@example.com', { item: 1 }],
			['NOVAK', 'p.novak@example.com', { item: 2 }],
		]);
		expect(local.ledger.map(({ status }) => status)).toEqual([400, 200, 200, 200, 200]);
	});

	const mayNot =
		/^(Not authorized for 'Space'|Entity 'Space' was not found|HTTP 403 came back, and no answer of Ultimo)/;
	const askFor =
		/^This API key may not read spaces\. Ask your application manager to let it read Space\. Where you know an ID, enter it instead: that needs no such right\./;
	it.each(['401', '403', '403 empty', '404'] as const)(
		'says whom to ask when the key may not read spaces: %s',
		async (Space) => {
			const { error } = await run(spaces, { mayNotRead: { Space } });
			expect(error?.message).toMatch(mayNot);
			expect(error?.description).toMatch(askFor);
			// Just as well no Ultimo answers there.
			const isMissing = error?.context.httpStatus === 404;
			expect(error?.description?.includes('check the Environment URL')).toBe(isMissing);
			expect(error?.context).toMatchObject({ outcome: 'refused', itemIndex: 0 });
			expect(local.ledger).toHaveLength(1);
		},
	);

	it.each(['MissingApiKey', 'InvalidApiKey'] as const)(
		'tells a wrong key from that: %s',
		async (wrongKeyCode) => {
			const { error } = await run(spaces, { apiKey: 'another', wrongKeyCode });
			expect(error?.description).toMatch(/^Ultimo does not accept the API key\./);
		},
	);

	it('asks once what the key may not read, for all items', async () => {
		const items = Array.from({ length: 30 }, (_, n) => ({ n }));
		const filters = { email: 'p{{ $json.n }}@example.com' };
		const node = { onError: 'continueRegularOutput' as const };
		const mayNotRead = { Employee: '404' as const };
		const result = await run({ ...employees, filters }, { mayNotRead }, { items, node });
		expect(result.items).toHaveLength(30);
		expect(local.ledger.length).toBeLessThanOrEqual(10);
	});

	it("gives Ultimo's words about a filter that it does not understand", async () => {
		const { error } = await run({ ...spaces, filters: { query: 'Nonsense eq 1' } });
		expect(error?.message).toBe(
			"Unknown property 'Nonsense' in '(Nonsense eq 1)' [FilterSyntaxError]",
		);
		expect(error?.description).toBe(
			'Check the filter. The API key may read only the properties that it was given.',
		);
	});
});
