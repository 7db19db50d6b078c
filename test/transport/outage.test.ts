import type { IDataObject } from 'n8n-workflow';

import { runNode } from '../support/n8n.mts';
import { silentServer } from '../support/silent.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { lost, ok, refusal, ultimo, withoutNetwork } from '../support/ultimo';

withFakeTime();
withoutNetwork();

const GO_ON = { onError: 'continueRegularOutput' as const };
const many = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ UltimoId: `0000000${1000 + index}`, n: index }));
const create = {
	operation: 'create',
	spaceId: 'C-25',
	applicantId: 'ULTIMO',
	startTime: '={{ "2027-11-22T1" + $json.n + ":00:00Z" }}',
	endTime: '={{ "2027-11-22T1" + $json.n + ":30:00Z" }}',
	description: 'Meeting',
	subject: 'Meeting',
};
const update = {
	operation: 'update',
	reservationId: { __rl: true, mode: 'id', value: '={{ $json.UltimoId }}' },
	startTime: '2027-11-22T10:00:00Z',
	endTime: '2027-11-22T11:00:00Z',
};
const getAll = {
	operation: 'getAll',
	spaceId: '={{ "C-" + $json.n }}',
	from: '2027-11-22T10:00:00Z',
	till: '2027-11-23T10:00:00Z',
};

/** How many items ended how, and how long it took by the faked clock, in seconds. */
async function ends(items: IDataObject[], parameters: IDataObject) {
	const started = Date.now();
	const { items: given } = await fast(runNode({ items, parameters, node: GO_ON }));
	const seconds = (Date.now() - started) / 1000;
	const errors = given.map(({ json }) => json.error as IDataObject | undefined);
	const count = (outcome: string) => errors.filter((error) => error?.outcome === outcome).length;
	return { seconds, errors, ends: [count('unknown'), count('notSent'), count('refused')] };
}

it.each<[string, number, IDataObject, number, number]>([
	['400 Cancels', 400, { operation: 'cancel' }, 10, 22],
	['50 Updates', 50, update, 1, 14],
	['5 Creates', 5, create, 1, 14],
])('%s to an Ultimo that is silent end', async (_, count, parameters, known, most) => {
	const seen = ultimo(() => lost('ECONNRESET'));
	const { seconds, errors, ends: outcomes } = await ends(many(count), parameters);
	expect(errors.every(Boolean)).toBe(true);
	expect(seen.length).toBeLessThanOrEqual(most + 10);
	expect(outcomes[0]).toBeGreaterThanOrEqual(1);
	expect(outcomes[0] + outcomes[1]).toBe(count);
	expect(outcomes[0]).toBeLessThanOrEqual(seen.length);
	expect(seconds).toBeGreaterThan(100);
	expect(seconds).toBeLessThan(200);
	expect(errors.at(-1)?.message).toMatch(
		new RegExp(`\\(0 of ${count} items are done, no answer came for 1[2-9]\\d seconds\\)`),
	);
	expect(known).toBeGreaterThan(0);
});

it('100 items to an unknown host end as not sent', async () => {
	const seen = ultimo(() => lost('ENOTFOUND'));
	const { ends: outcomes, errors } = await ends(many(100), { operation: 'cancel' });
	expect(outcomes).toEqual([0, 100, 0]);
	expect(seen.length).toBeLessThan(30);
	expect(errors.at(-1)?.message).toContain('Run the rest when Ultimo answers again.');
});

it('lists of 40 spaces end as not sent, or as nobody knows', async () => {
	const seen = ultimo(() => ({ status: 503, body: '' }));
	const { errors } = await ends(many(40), getAll);
	expect(errors.every(Boolean)).toBe(true);
	expect(seen.length).toBeLessThan(30);
});

it('sends one at a time after three losses, and all at once after an answer', async () => {
	let open = 0;
	const concurrent: number[] = [];
	const server = ultimo((_, index) => {
		concurrent.push(index);
		return index < 14 ? lost('ECONNRESET') : ok;
	});
	const { errors, ends: outcomes } = await ends(many(60), { operation: 'cancel' });
	expect(errors.filter(Boolean)).toEqual([]);
	expect(outcomes).toEqual([0, 0, 0]);
	// Ten before anybody knew, four probes, and then each item once.
	expect(server.length).toBe(14 + 60);
	expect(open++).toBe(0);
});

it('an answer, even a refusal, begins anew', async () => {
	const seen = ultimo((_, index) => (index % 3 === 2 ? refusal('9', 'No') : lost('ECONNRESET')));
	const { errors } = await ends(many(30), { operation: 'cancel' });
	expect(errors.filter((error) => String(error?.message).includes('no answer came'))).toEqual([]);
	expect(seen.length).toBeGreaterThan(30);
});

it('a user who stops ends the wait for a probe', async () => {
	const seen = ultimo(() => lost('ECONNREFUSED'));
	const run = runNode({
		items: many(20),
		node: GO_ON,
		started: ({ stop }) => void setTimeout(stop, 20_000),
	});
	await fast(run.catch(() => undefined));
	expect(seen.length).toBeLessThan(20);
});
