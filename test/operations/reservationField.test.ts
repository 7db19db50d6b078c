import { runNode } from '../support/n8n.mts';
import { fieldOf, ok, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();

const locator = (mode: string, value: string) => ({ __rl: true, mode, value });
const item = { UltimoId: '00000006712', other: '00000006713' };
const run = async (reservationId?: unknown, input: object = item) => {
	const seen = ultimo(() => ok);
	const { error } = await runNode({
		items: [{ ...input }],
		parameters: { reservationId } as never,
	});
	return { error, ids: fieldOf(seen, 'UltimoId') };
};

it.each([
	['left as it is added', undefined, '00000006712'],
	['an empty list', locator('list', ''), '00000006712'],
	['an empty id', locator('id', ''), '00000006712'],
	['picked', locator('list', '00000006714'), '00000006714'],
	['typed', locator('id', ' 00000006714 '), '00000006714'],
	['an expression', locator('id', '={{ $json.other }}'), '00000006713'],
	['an expression in place of the field', '={{ $json.other }}', '00000006713'],
])('%s', async (_, reservationId, id) => {
	expect(await run(reservationId)).toEqual({ error: undefined, ids: [id] });
});

it.each([
	['an expression that finds nothing', locator('id', '={{ $json.nothing }}')],
	['one in list mode', locator('list', '={{ $json.nothing }}')],
	['one in place of the field', '={{ $json.nothing }}'],
])("never takes the item's own reservation in place of %s", async (_, reservationId) => {
	const { error, ids } = await run(reservationId);
	expect(ids).toEqual([]);
	expect(error?.message).toBe('Reservation: the ID is empty');
});

it.each([
	[{}, 'the ID is empty'],
	[{ UltimoId: 6712 }, 'Ultimo IDs are text: 6712 lost its leading zeros'],
	[{ UltimoId: '' }, 'the ID is empty'],
])('left empty, it asks for the UltimoId of the item: %j', async (input, says) => {
	const { error, ids } = await run(undefined, input);
	expect(ids).toEqual([]);
	expect(error?.message).toBe(`Reservation: ${says}`);
	expect(error?.description).toContain('let the step before give items with a field UltimoId');
});
