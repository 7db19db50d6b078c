import { runNode } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { inThePast, lost, ok, refusal, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();

const parameters = {
	operation: 'update',
	startTime: '2026-11-22T10:00:00',
	endTime: '={{ $json.till }}',
};
const items = [
	{ UltimoId: '00000006710', till: '2026-11-22T11:00:00' },
	{ UltimoId: '00000006711', till: '2026-11-22T12:00:00+01:00' },
];
const bodies = [
	{ UltimoId: '00000006710', StartTime: '2026-11-22T09:00:00Z', EndTime: '2026-11-22T10:00:00Z' },
	{ UltimoId: '00000006711', StartTime: '2026-11-22T09:00:00Z', EndTime: '2026-11-22T11:00:00Z' },
];
const outputs = [
	{
		UltimoId: '00000006710',
		StartTime: '2026-11-22T10:00:00+01:00',
		EndTime: '2026-11-22T11:00:00+01:00',
	},
	{
		UltimoId: '00000006711',
		StartTime: '2026-11-22T10:00:00+01:00',
		EndTime: '2026-11-22T12:00:00+01:00',
	},
];

it('moves one after the other, in the order of the items', async () => {
	const seen = ultimo(() => ok);
	const result = await fast(runNode({ items, parameters }));
	expect(seen.map(({ body }) => body)).toEqual(bodies);
	expect(result.json).toEqual(outputs.map((one) => ({ ...one, updated: true })));
});

it.each([
	{ hour: 'the first', startTime: '2026-10-25T02:30:00', from: '2026-10-25T02:30:00+02:00' },
	{ hour: 'the second', startTime: '2026-10-25T01:30:00Z', from: '2026-10-25T02:30:00+01:00' },
])('tells which of the two hours in autumn it is: $hour', async ({ startTime, from }) => {
	ultimo(() => ok);
	const [item] = [{ UltimoId: 'R1', till: '2026-10-25T04:00:00' }];
	const { items } = await fast(
		runNode({ items: [item], parameters: { ...parameters, startTime } }),
	);
	expect(items[0].json).toEqual({
		UltimoId: 'R1',
		StartTime: from,
		EndTime: '2026-10-25T04:00:00+01:00',
		updated: true,
	});
});

it('repeats after a lost answer, since twice is as good as once', async () => {
	const seen = ultimo((_, index) => (index === 0 ? lost('ECONNRESET') : ok));
	const result = await fast(runNode({ items: [items[0]], parameters }));
	expect(seen.map(({ body }) => body)).toEqual([bodies[0], bodies[0]]);
	expect(result.items[0].json).toEqual({ ...outputs[0], updated: true });
});

it.each([
	['1015', refusal('1015', 'Meeting room 2 is not available.'), 'Choose another time or space.'],
	['1166', inThePast, 'Ultimo does not change reservations of the past.'],
])('explains %s', async (code, answer, words) => {
	const seen = ultimo(() => answer);
	const { error } = await fast(runNode({ items, parameters }));
	expect(seen).toHaveLength(1);
	expect(error?.name).toBe('NodeApiError');
	expect(error?.context).toMatchObject({ code, outcome: 'refused', itemIndex: 0 });
	expect(error?.description).toContain(words);
});

it('an ignored code leaves a skipped item', async () => {
	ultimo(() => inThePast);
	const options = { ignoreErrorCodes: '1166' };
	const result = await fast(runNode({ items: [items[0]], parameters: { ...parameters, options } }));
	expect(result.items[0].json).toMatchObject({
		...outputs[0],
		updated: false,
		skipped: true,
		code: '1166',
	});
});

it.each([
	['the times that Ultimo lists', {}, true],
	['another end', { EndTime: '2026-11-22T12:00:00+01:00' }, false],
	['the times of an event that is moved', { Status: undefined }, false],
	['the times of another reservation', { UltimoId: '00000000001' }, false],
])('a hint says when nothing is to change: %s', async (_, changes, isSaid) => {
	const seen = ultimo(() => ok);
	const listed = { ...outputs[0], Status: 'Processed', ...changes };
	const same = {
		operation: 'update',
		reservationId: { __rl: true, mode: 'id', value: outputs[0].UltimoId },
		startTime: outputs[0].StartTime,
		endTime: outputs[0].EndTime,
	};
	const { run, items: out } = await fast(runNode({ items: [listed], parameters: same }));
	expect(seen).toHaveLength(1);
	expect(out[0].json).toEqual({ ...outputs[0], updated: true });
	const hints = run.data.resultData.runData.Ultimo[0].hints?.map(({ message }) => message);
	const words = 'A reservation was sent the Start Time and End Time that it had already.';
	expect(hints?.some((hint) => hint.startsWith(words))).toBe(isSaid);
});
