import nock from 'nock';
import type { INodePropertyCollection, INodeProperties, INodeType } from 'n8n-workflow';

import { defaults } from '../../dev/ultimo/options.mts';
import { startUltimo, type LocalUltimo, type UltimoOptions } from '../../dev/ultimo/server.mts';
import { loadPackage, searchList } from '../support/n8n.mts';

let ultimo: LocalUltimo;
beforeAll(() => nock.restore());
afterEach(async () => await ultimo?.stop());

const people = Array.from({ length: 1_000 }, (_, index) => ({
	id: `P${String(index).padStart(5, '0')}`,
	name: `Person ${String(999 - index).padStart(5, '0')}`,
}));

async function start(changes: Partial<UltimoOptions> = {}) {
	ultimo = await startUltimo({ requestsPerWindow: 0, ...changes });
	const credential = { baseUrl: ultimo.url, apiKey: defaults.apiKey, requestsPer10Seconds: 0 };
	return async (method: string, filter?: string, token?: string) =>
		await searchList({}, filter, token, method, credential);
}

it('offers spaces by name, id and site, in order of their names', async () => {
	const search = await start();
	expect(await search('searchSpaces')).toEqual({
		results: [
			{ name: 'Board room · 003.0.10 · 01', value: '003.0.10' },
			{ name: "Director's room · A/102 · 01", value: 'A/102' },
			{ name: 'Meeting room 2 · C-25 · 01', value: 'C-25' },
			{ name: 'Meeting room 3 · C-26 · 01', value: 'C-26' },
			{ name: 'Parking place 1 · P-01 · 02', value: 'P-01' },
			{ name: 'Project room · 003.1.04 · 01', value: '003.1.04' },
			{ name: 'Training room · A-101 · 01', value: 'A-101' },
			{ name: 'Zürich 100% & more · Z-01 · 02', value: 'Z-01' },
		],
		paginationToken: undefined,
	});
	expect(ultimo.ledger).toHaveLength(1);
});

it.each<[string, string, string[]]>([
	['searchSpaces', 'MEETING', ['C-25', 'C-26']],
	['searchSpaces', "director's", ['A/102']],
	['searchSpaces', '003.', ['003.0.10', '003.1.04']],
	['searchSpaces', '%', ['Z-01']],
	[
		'searchSpaces',
		'   ',
		['003.0.10', 'A/102', 'C-25', 'C-26', 'P-01', '003.1.04', 'A-101', 'Z-01'],
	],
	['searchSpaces', "') or (1 eq 1", []],
	['searchEmployees', 'jansen', ['JANSEN', 'JANSEN2']],
	['searchEmployees', 'müller', ['MÜLLER']],
	['searchEmployees', '田中', ['TANAKA']],
	['searchEmployees', 'fasse@', ['ULTIMO']],
	['searchEmployees', '👩', []],
])('%s: %s', async (method, filter, ids) => {
	const search = await start();
	const { results } = await search(method, filter);
	expect(results.map(({ value }) => value)).toEqual(ids);
});

it('offers employees by name, id and address, whatever the environment calls it', async () => {
	const search = await start({ emailProperty: 'EmailAddress' });
	const { results } = await search('searchEmployees', 'm.');
	expect(results.map(({ name }) => name)).toEqual(['Bakker, M. · BAKKER · m.bakker@example.com']);
	const byAddress = await search('searchEmployees', '@EXAMPLE.com');
	expect(byAddress.results).toHaveLength(10);
});

it.each([
	['links', {}],
	['no links', { nextPageLink: 'missing' }],
	['pages smaller than asked for', { largestPage: 100 }],
] as const)('pages through 1,000 people, each once: %s', async (_, changes) => {
	const seed = { spaces: [], applicants: people, reservations: [] };
	const search = await start({ seed, ...changes });
	const found: unknown[] = [];
	let token: string | undefined;
	let pages = 0;
	do {
		const page = await search('searchEmployees', undefined, token);
		found.push(...page.results.map(({ value }) => value));
		token = page.paginationToken as string | undefined;
		pages++;
	} while (token !== undefined);
	expect(found).toEqual(people.map(({ id }) => id).reverse());
	expect(pages).toBe(5);
});

it('pages through what a % finds', async () => {
	const applicants = people.slice(0, 600).map((one) => ({ ...one, name: `${one.name} 100%` }));
	const search = await start({ seed: { spaces: [], applicants, reservations: [] } });
	const first = await search('searchEmployees', '0%');
	const second = await search('searchEmployees', '0%', first.paginationToken as string);
	const third = await search('searchEmployees', '0%', second.paginationToken as string);
	const ids = [first, second, third].flatMap(({ results }) => results.map(({ value }) => value));
	expect(ids).toEqual(applicants.map(({ id }) => id).reverse());
	expect(third.paginationToken).toBeUndefined();
});

it.each([
	['searchSpaces', { Space: '403' }, 'spaces'],
	['searchEmployees', { Employee: '404' }, 'employees'],
] as const)('%s: a key that may not says so', async (method, mayNotRead, what) => {
	const search = await start({ mayNotRead });
	await expect(search(method)).rejects.toMatchObject({
		message: expect.stringMatching(/Not authorized|was not found/),
		description: expect.stringMatching(
			`^This API key may not read ${what}\\. Ask your .* enter it instead`,
		),
	});
	expect(ultimo.ledger).toHaveLength(1);
});

it('every list that a field offers is there', async () => {
	const { description, methods } = (await loadPackage()).getNode('ultimoReservation')
		.type as INodeType;
	const lists = (description.properties as Array<INodeProperties & INodePropertyCollection>)
		.flatMap(({ modes = [] }) => modes)
		.flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []);
	expect([...new Set(lists)].sort()).toEqual(Object.keys(methods!.listSearch!).sort());
});
