import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { startUltimo, type LocalUltimo } from '../../dev/ultimo/server.mts';
import { faultKinds } from '../../dev/ultimo/faults.mts';
import { applicants, spaces } from '../../dev/ultimo/seed.mts';
import { runNode } from '../support/n8n.mts';
import { fakeTime, fast } from '../support/time.mts';

const COUNT = 24;
const TOMORROW = Math.floor(Date.now() / 86_400_000 + 1) * 86_400_000;
const ROOMS = spaces.slice(0, 3).map(({ id }) => id);

let ultimo: LocalUltimo;
beforeAll(() => nock.restore());
beforeEach(async () => {
	const clock = () => Date.now();
	ultimo = await startUltimo({ clock, seed: { spaces, applicants, reservations: [] } });
	fakeTime();
});
afterEach(async () => {
	jest.useRealTimers();
	await ultimo.stop();
});

/** Four for each of six hours, of which three find a room. */
const items = Array.from({ length: COUNT }, (_, index) => ({
	ext: `cal-${index}`,
	applicant: applicants[index % 4].id,
	start: new Date(TOMORROW + Math.floor(index / 4) * 3_600_000).toISOString(),
	end: new Date(TOMORROW + Math.floor(index / 4 + 1) * 3_600_000).toISOString(),
}));
const run = async (options: IDataObject = {}) =>
	await runNode({
		items,
		parameters: {
			operation: 'create',
			spaceSelection: 'firstFree',
			spaceIds: ROOMS.join(),
			applicantId: '={{ $json.applicant }}',
			startTime: '={{ $json.start }}',
			endTime: '={{ $json.end }}',
			subject: '={{ "Stand-up " + $json.ext }}',
			externalId: '={{ $json.ext }}',
			options,
		},
		node: { onError: 'continueRegularOutput' },
		credential: { baseUrl: ultimo.url, apiKey: 'demo-key' },
	});
const outcomeOf = (json: IDataObject) => (json.error as IDataObject | undefined)?.outcome;
const held = () => [...ultimo.reservations.values()];

it.each([
	{ seed: 1, rangeMeans: 'overlap' as const },
	{ seed: 2, rangeMeans: 'containment' as const },
	{ seed: 3, rangeMeans: 'overlap' as const },
])(
	'a quarter of all requests gets lost ($seed, $rangeMeans): one room at most, and the one that is told',
	async ({ seed, rangeMeans }) => {
		const kinds = faultKinds.filter((kind) => kind !== 'errorIn200');
		ultimo.setOptions({ faults: { seed, rate: 0.25, slowMs: 10, kinds }, rangeMeans });
		ultimo.reset();
		const result = await fast(run());
		expect(result.items).toHaveLength(COUNT);
		expect(ultimo.ledger.filter(({ fault }) => fault).length).toBeGreaterThan(COUNT / 6);
		for (const [index, { json }] of result.items.entries()) {
			const mine = held().filter(({ ExternalId }) => ExternalId === items[index].ext);
			const told = mine.map(({ UltimoId, SpaceId }) => ({ UltimoId, SpaceId }));
			const { UltimoId, SpaceId } = json;
			expect(told.length).toBeLessThanOrEqual(1);
			if (UltimoId) expect(told).toEqual([{ UltimoId, SpaceId }]);
			else if (outcomeOf(json) !== 'unknown') expect(told).toEqual([]);
		}
	},
	60_000,
);

it('Return It: run again, it makes none and gives the same', async () => {
	const options = { ifReserved: 'return' };
	const first = (await fast(run(options))).items.map(({ json }) => json);
	const before = held().length;
	expect(before).toBe((COUNT / 4) * 3);
	const again = (await fast(run(options))).items.map(({ json }) => json);
	expect(held()).toHaveLength(before);
	for (const [index, json] of again.entries()) {
		if (first[index].error) expect(outcomeOf(json)).toBe('refused');
		else expect(json).toEqual({ ...first[index], created: false });
	}
}, 60_000);

it('two executions at once: no room twice, and nobody is told another room', async () => {
	const [one, other] = await fast(Promise.all([run(), run()]));
	const told = [...one.items, ...other.items].flatMap(
		({ json }) => (json.UltimoId as string) ?? [],
	);
	expect(new Set(told).size).toBe(told.length);
	expect(told.sort()).toEqual(
		held()
			.map(({ UltimoId }) => UltimoId)
			.sort(),
	);
}, 60_000);
