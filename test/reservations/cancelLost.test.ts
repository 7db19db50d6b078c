import type { IDataObject } from 'n8n-workflow';

import { ours } from '../support/create';
import { runNode } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { inThePast, listed, lost, ok, refusal, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();
beforeEach(() => jest.setSystemTime(new Date('2026-11-20T12:00:00.500Z')));

const UltimoId = ours.UltimoId;
const item = { ...ours, SpaceId: 'C-25' };
const gone = lost('ECONNRESET');
const already = refusal('1170', 'Room reservation is cancelled.');
const picked = { reservationId: { __rl: true, mode: 'list', value: UltimoId }, spaceId: 'C-25' };
const fixed = { reservationId: { __rl: true, mode: 'id', value: UltimoId } };
const goOn = { onError: 'continueRegularOutput' as const };

/** One Cancel whose first answer is lost and whose repeat is refused, and what it ends as. */
async function cancel(refused: object, list: object, input: IDataObject = item, parameters = {}) {
	const answers = [gone, refused, list];
	const seen = ultimo((_, index) => (answers[index] ?? list) as typeof ok);
	const { items } = await fast(runNode({ items: [input], node: goOn, parameters }));
	const { cancelled, skipped, code, error } = items[0].json as IDataObject & {
		error?: IDataObject;
	};
	return {
		// The clock goes on while the test waits for the repeat.
		windows: seen
			.slice(2)
			.map(({ body }) => JSON.parse(JSON.stringify(body).replace(/:\d\dZ/g, ':00Z'))),
		end: error ? error.outcome : { cancelled, ...(skipped ? { skipped, code } : {}) },
		message: error?.message,
	};
}
const done = { cancelled: true };
const window = { SpaceId: 'C-25', From: '2026-11-19T12:00:00Z', Till: '2027-12-26T12:00:00Z' };

it.each<[string, object, object, unknown]>([
	['gone', already, listed(), done],
	['gone, of others there', already, listed({ ...ours, UltimoId: '00000006713' }), done],
	['listed as cancelled', already, listed({ ...ours, Status: 'Geannuleerd' }), done],
	['gone, though it is said to be in the past', inThePast, listed(), done],
	['still there', already, listed(ours), 'refused'],
	['moved meanwhile', already, listed({ ...ours, StartTime: '2027-01-11T10:00:00Z' }), 'refused'],
	['there without its leading zeros', already, listed({ ...ours, UltimoId: '6712' }), 'refused'],
	['of a status since that is not known', already, listed({ ...ours, Status: 'Void' }), 'unknown'],
	['not to be listed', already, { status: 403, body: '' }, 'unknown'],
	['in a list that makes no sense', already, { body: { properties: { Output: 5 } } }, 'unknown'],
])('a Cancel that was lost and then refused, and is %s', async (_, refused, list, end) => {
	const result = await cancel(refused, list);
	expect(result.windows).toEqual([window]);
	expect(result.end).toEqual(end);
});

it('one that is still there is refused in the words of Ultimo', async () => {
	const { message } = await cancel(already, listed(ours));
	expect(message).toBe(
		'Room reservation is cancelled [1170]. Ultimo does not accept what was sent.',
	);
});

it('one that is still in the status that it had is refused', async () => {
	const requested = { ...item, Status: 'Aangevraagd' };
	expect((await cancel(already, listed(requested), requested)).end).toBe('refused');
});

const byExpression = {
	...picked,
	reservationId: { ...picked.reservationId, value: '={{ $json.id }}' },
};

it.each<[string, object, IDataObject, object, unknown, number]>([
	['picked from the list', already, {}, picked, done, 1],
	['picked, perhaps long ago, and in the past', inThePast, {}, picked, 'unknown', 0],
	['an expression in place of the list', already, { id: UltimoId }, byExpression, 'unknown', 0],
	['of another item', already, { ...item, UltimoId: '00000000001' }, fixed, 'unknown', 0],
	['of an item without a space', already, { ...item, SpaceId: undefined }, {}, 'unknown', 0],
	['of an item without a start', already, { ...item, StartTime: '' }, {}, 'unknown', 0],
	['of an item with an odd start', already, { ...item, StartTime: 'soon' }, {}, 'unknown', 0],
	['of an item with an odd space', already, { ...item, SpaceId: ['C-25'] }, {}, 'unknown', 0],
	['of an item without a status', already, { ...item, Status: undefined }, {}, 'unknown', 1],
	['of years ago', already, { ...item, StartTime: '2020-01-01T10:00:00Z' }, {}, 'unknown', 0],
])('%s', async (_, refused, input, parameters, end, looks) => {
	const result = await cancel(refused, listed(), input, parameters);
	expect([result.end, result.windows.length]).toEqual([end, looks]);
});

it('is looked for where it was in the past', async () => {
	const past = { ...item, StartTime: '2026-11-01T10:00:00Z', EndTime: '2026-11-01T11:00:00Z' };
	const { windows, end } = await cancel(inThePast, listed(past), past);
	expect(windows).toEqual([{ ...window, From: '2026-10-31T10:00:00Z' }]);
	expect(end).toBe('refused');
});

it.each<[string, IDataObject, object, unknown]>([
	['not known', {}, { cancelled: null, skipped: true, code: '1170' }, fixed],
	['known', item, { cancelled: false, skipped: true, code: '1170' }, {}],
])('a code to ignore counts after a lost answer too: %s', async (_, input, end, more) => {
	const parameters = { ...(more as object), options: { ignoreErrorCodes: '1170' } };
	expect((await cancel(already, listed(ours), input, parameters)).end).toEqual(end);
});

it('the code of a lost connection is not to be ignored', async () => {
	ultimo(() => gone);
	const parameters = { options: { ignoreErrorCodes: 'ECONNRESET' } };
	const { items } = await fast(runNode({ items: [item], node: goOn, parameters }));
	expect(items[0].json.error).toMatchObject({ outcome: 'unknown' });
});

it('the same id twice is looked for once', async () => {
	const answers = [gone, already, listed()];
	const seen = ultimo((_, index) => answers[index] as typeof ok);
	const { items } = await fast(runNode({ items: [item, item] }));
	expect(seen).toHaveLength(3);
	expect(items.map(({ json }) => json.cancelled)).toEqual([true, true]);
});
