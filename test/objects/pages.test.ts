import nock from 'nock';

import { defaults } from '../../dev/ultimo/options.mts';
import { startUltimo, type LocalUltimo, type UltimoOptions } from '../../dev/ultimo/server.mts';
import { runNode } from '../support/n8n.mts';

let ultimo: LocalUltimo;
beforeAll(() => nock.restore());
afterEach(async () => await ultimo.stop());

const people = (count: number) =>
	Array.from({ length: count }, (_, index) => ({
		id: `P${String(index).padStart(5, '0')}`,
		name: `Person ${index}`,
		email: `p${index}@example.com`,
	}));
const ids = (count: number) => people(count).map(({ id }) => id);

/** Lists the employees of an Ultimo that has so many of them. */
async function list(count: number, changes: Partial<UltimoOptions>, parameters: object = {}) {
	const seed = { spaces: [], applicants: people(count), reservations: [] };
	ultimo = await startUltimo({ seed, requestsPerWindow: 0, ...changes });
	const result = await runNode({
		parameters: { resource: 'employee', operation: 'getAll', returnAll: true, ...parameters },
		credential: { baseUrl: ultimo.url, apiKey: defaults.apiKey, requestsPer10Seconds: 0 },
	});
	return { ...result, asked: ultimo.ledger.map(({ path }) => path) };
}

it.each<[string, number, Partial<UltimoOptions>, requests: number]>([
	['10,000 people', 10_000, {}, 40],
	['one more than pages hold', 501, {}, 3],
	['nobody', 0, {}, 1],
	['smaller pages than asked for', 1000, { largestPage: 99 }, 11],
	['a top of the whole list', 900, { topMeans: 'all' }, 4],
	['a top of the whole list, in smaller pages', 600, { topMeans: 'all', largestPage: 99 }, 8],
	['links without a host', 600, { nextPageLink: 'relative' }, 3],
	['no links', 600, { nextPageLink: 'missing' }, 3],
	['no links, and smaller pages', 600, { nextPageLink: 'missing', largestPage: 64 }, 10],
	['links that lead elsewhere', 600, { nextPageLink: 'elsewhere' }, 3],
	['links to the same page', 600, { nextPageLink: 'same' }, 5],
	['no skip, but links', 600, { ignoreSkip: true }, 3],
])(
	'gives all, each once, in order: %s',
	async (_, count, changes, requests) => {
		const { items, error, asked } = await list(count, changes);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.ApplicantId)).toEqual(ids(count));
		expect(asked).toHaveLength(requests);
	},
	30_000,
);

it('asks no more than Limit needs', async () => {
	const { items, asked } = await list(1000, {}, { returnAll: false, limit: 251 });
	expect(items.map(({ json }) => json.Id)).toEqual(ids(251));
	expect(asked.map((path) => new URL(path, 'http://x').searchParams.get('top'))).toEqual([
		'250',
		'250',
	]);
});

it('gives nothing rather than a list with gaps', async () => {
	const { items, error, asked } = await list(600, { ignoreSkip: true, nextPageLink: 'missing' });
	expect(items).toEqual([]);
	expect(error?.message).toBe('Ultimo does not give the whole list of employees, only 250');
	expect(error?.description).toBe('Narrow it down by filters, or set a Limit.');
	expect(asked).toHaveLength(2);
});

it('ends with a server that never does', async () => {
	const { error, asked } = await list(300, { largestPage: 1 });
	expect(error?.message).toBe('Ultimo does not give the whole list of employees, only 200');
	expect(asked).toHaveLength(200);
});
