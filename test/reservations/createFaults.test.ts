import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { startUltimo, type LocalUltimo } from '../../dev/ultimo/server.mts';
import { faultKinds } from '../../dev/ultimo/faults.mts';
import { defaults } from '../../dev/ultimo/options.mts';
import { applicants, spaces } from '../../dev/ultimo/seed.mts';
import { runNode } from '../support/n8n.mts';
import { fakeTime, fast } from '../support/time.mts';

const TOMORROW = Math.floor(Date.now() / 86_400_000 + 1) * 86_400_000;
const LOSSES = faultKinds.filter((kind) => kind !== 'errorIn200');

let ultimo: LocalUltimo;
beforeAll(() => nock.restore());
// Another one each time: what the node knows of a quota is by a clock that fake time puts back.
beforeEach(async () => {
	// Read anew each time, since the tests fake it.
	const clock = () => Date.now();
	ultimo = await startUltimo({ clock, seed: { spaces, applicants, reservations: [] } });
	fakeTime();
});
afterEach(async () => {
	jest.useRealTimers();
	await ultimo.stop();
});

/** So many items, of which each hour has `anHour`. */
const itemsOf = (count: number, anHour: number) =>
	Array.from({ length: count }, (_, index) => {
		const [start, end] = [0, 1].map((hours) => Math.floor(index / anHour) + hours);
		return {
			ext: `cal-${index}`,
			space: spaces[index % spaces.length].id,
			applicant: applicants[index % applicants.length].id,
			start: new Date(TOMORROW + start * 3_600_000).toISOString(),
			end: new Date(TOMORROW + end * 3_600_000).toISOString(),
		};
	});
const run = (items: IDataObject[], parameters: IDataObject) =>
	runNode({
		items,
		parameters: {
			operation: 'create',
			applicantId: '={{ $json.applicant }}',
			startTime: '={{ $json.start }}',
			endTime: '={{ $json.end }}',
			externalId: '={{ $json.ext }}',
			...parameters,
		},
		node: { onError: 'continueRegularOutput' },
		credential: { baseUrl: ultimo.url, apiKey: defaults.apiKey },
	});
const outcomeOf = (json: IDataObject) => (json.error as IDataObject | undefined)?.outcome;
const held = () => [...ultimo.reservations.values()];
/** What is held for an item. */
const heldFor = ({ ext }: { ext: string }) => held().filter(({ ExternalId }) => ExternalId === ext);

test.each([
	[1, 'overlap', LOSSES],
	[2, 'containment', LOSSES],
	[3, 'overlap', LOSSES],
	[4, 'containment', faultKinds],
] as const)(
	'a quarter of all requests meets a fault (%i, %s): none twice, none lost, none in doubt',
	async (seed, rangeMeans, kinds) => {
		ultimo.setOptions({ faults: { seed, rate: 0.25, slowMs: 10, kinds: [...kinds] }, rangeMeans });
		ultimo.reset();
		const items = itemsOf(80, spaces.length);
		const result = await fast(run(items, { spaceId: '={{ $json.space }}', subject: 'Stand-up' }));
		expect(result.items).toHaveLength(80);
		const faults = ultimo.ledger.filter(({ fault }) => fault).length;
		expect(faults).toBeGreaterThan(80 / 5);

		expect(new Set(held().map(({ ExternalId }) => ExternalId)).size).toBe(held().length);
		for (const [index, json] of result.json.entries()) {
			const mine = heldFor(items[index]);
			// Of the faults only this one is a refusal; it may meet the second try after a lost answer.
			const mayRefuse = kinds === faultKinds;
			if (outcomeOf(json)) expect([mayRefuse, mine]).toEqual([true, []]);
			else expect([json.UltimoId]).toEqual(mine.map(({ UltimoId }) => UltimoId));
		}
	},
	60_000,
);

/** Four for each of six hours, of which three find a room. */
const crowd = itemsOf(24, 4);
const runCrowd = (options: IDataObject = {}) =>
	run(crowd, {
		spaceSelection: 'firstFree',
		spaceIds: spaces
			.slice(0, 3)
			.map(({ id }) => id)
			.join(),
		subject: '={{ "Stand-up " + $json.ext }}',
		options,
	});

it.each([
	{ seed: 1, rangeMeans: 'overlap' as const },
	{ seed: 2, rangeMeans: 'containment' as const },
	{ seed: 3, rangeMeans: 'overlap' as const },
])(
	'a quarter of all requests gets lost ($seed, $rangeMeans): one room at most, and the one that is told',
	async ({ seed, rangeMeans }) => {
		ultimo.setOptions({ faults: { seed, rate: 0.25, slowMs: 10, kinds: LOSSES }, rangeMeans });
		ultimo.reset();
		const result = await fast(runCrowd());
		expect(result.items).toHaveLength(24);
		expect(ultimo.ledger.filter(({ fault }) => fault).length).toBeGreaterThan(24 / 6);
		for (const [index, json] of result.json.entries()) {
			const told = heldFor(crowd[index]).map(({ UltimoId, SpaceId }) => ({ UltimoId, SpaceId }));
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
	const first = (await fast(runCrowd(options))).json;
	const before = held().length;
	expect(before).toBe((24 / 4) * 3);
	const again = (await fast(runCrowd(options))).json;
	expect(held()).toHaveLength(before);
	for (const [index, json] of again.entries()) {
		if (first[index].error) expect(outcomeOf(json)).toBe('refused');
		else expect(json).toEqual({ ...first[index], created: false });
	}
}, 60_000);

it('two executions at once: no room twice, and nobody is told another room', async () => {
	const both = await fast(Promise.all([runCrowd(), runCrowd()]));
	const told = both.flatMap(({ json }) => json.flatMap(({ UltimoId }) => UltimoId ?? []));
	expect(new Set(told).size).toBe(told.length);
	expect(told.sort()).toEqual(
		held()
			.map(({ UltimoId }) => UltimoId)
			.sort(),
	);
}, 60_000);
