import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { parametersOf } from '../../nodes/Ultimo/fields/parameter';
import { runNode } from '../support/n8n.mts';

const FIELD = { name: 'field', displayName: 'Field' } as INodeProperties;

it.each([
	['nothing entered', undefined, [0, 0, 0]],
	['a text', 'x', [0, 0, 0]],
	['a pick', { __rl: true, mode: 'list', value: 'x' }, [0, 0, 0]],
	['options', { dryRun: true, ignoreErrorCodes: '1166' }, [0, 0, 0]],
	['an expression', '={{ $json.UltimoId.trim() }}', [0, 1, 2]],
	['a field that is missing', '={{ $json.UltimoId }}', [0, 1, 2]],
	['an expression in a pick', { __rl: true, mode: 'id', value: '={{ $json.id }}' }, [0, 1, 2]],
	['an expression among options', { dryRun: true, note: '={{ $json.note }}' }, [0, 1, 2]],
	['an expression in a list', { list: [{ one: '=x' }] }, [0, 1, 2]],
])('asks n8n for %s no more often than it can differ', (_, entered, expected) => {
	let copies = 0;
	const n8n = {
		getNode: () => {
			copies++;
			return { type: 'ultimoReservation', parameters: { field: entered } };
		},
		getInputData: () => [{ json: {} }, { json: {} }, { json: {} }],
		getTimezone: () => 'UTC',
		getNodeParameter: (_name: string, itemIndex: number) => ({ itemIndex }),
	} as unknown as IExecuteFunctions;
	const fieldsOf = parametersOf(n8n);
	const before = copies;
	const read = (itemIndex: number) => fieldsOf(itemIndex).read(FIELD, (value) => value);
	expect([0, 1, 2].map(read)).toEqual(expected.map((itemIndex) => ({ itemIndex })));
	expect(copies).toBe(before);
});

const UltimoIds = [
	'00000006712',
	'',
	' x ',
	'={{ 1 + 1 }}',
	'{{ $json.x }}',
	'ünï "quoted"',
	6712,
	null,
];
const items: IDataObject[] = [
	...UltimoIds.map((UltimoId) => ({ UltimoId, 'Room ID': UltimoId })),
	{ UltimoId: ['a', 'b'], 'Room ID': { deep: '1' } },
	{},
];

it.each([
	['a field', '={{ $json.UltimoId }}', 6],
	['a field without blanks', '={{$json.UltimoId}}', 6],
	['a field with a blank in its name', "={{ $json['Room ID'] }}", 6],
	['a field between double quotes', '={{ $json["Room ID"] }}', 6],
	['a field by a pick', { __rl: true, mode: 'id', value: '={{ $json.UltimoId }}' }, 6],
	['two fields', '={{ $json.UltimoId }}{{ $json.UltimoId }}', 0],
	['a field of a field', "={{ $json['Room ID'].deep }}", 0],
	['a field with more text', '=id {{ $json.UltimoId }}', 0],
	['a blank behind a field', '={{ $json.UltimoId }} ', 0],
	['a line break behind a field', '={{ $json.UltimoId }}\n', 0],
	['a field by other quotes', '={{ $json[`UltimoId`] }}', 0],
	['an inherited name', '={{ $json.toString }}', 0],
	['a field in a pick with another expression', { mode: '=id', value: '={{ $json.UltimoId }}' }, 0],
])('reads %s as n8n evaluates it', async (_, reservationId, withoutN8n) => {
	const field = { name: 'reservationId', displayName: 'Reservation' } as INodeProperties;
	const outcome = (read: () => unknown) => {
		try {
			return { value: read() };
		} catch (error) {
			return { error: (error as Error).message };
		}
	};
	let asked = 0;
	const { error, json } = await runNode({
		items,
		parameters: { reservationId },
		async otherNode() {
			const byN8n = (index: number) => this.getNodeParameter('reservationId', index, '') as unknown;
			const counting = Object.create(this, {
				getNodeParameter: { value: (_name: string, index: number) => (asked++, byN8n(index)) },
			}) as IExecuteFunctions;
			const fieldsOf = parametersOf(counting);
			const whole = (value: unknown, mode?: string) =>
				mode === undefined ? value : { mode, value };
			const plain = (value: unknown) => {
				const { mode, value: inner } = (value ?? {}) as IDataObject;
				return mode === undefined ? value : { mode, value: inner };
			};
			const pairs = items.map((_item, index) => [
				outcome(() => fieldsOf(index).read(field, whole)),
				outcome(() => plain(byN8n(index))),
			]);
			for (const [ours, theirs] of pairs) expect(ours).toEqual(theirs);
			return [[{ json: { compared: pairs.length } }]];
		},
	});
	expect({ error, json }).toEqual({ error: undefined, json: [{ compared: items.length }] });
	expect(asked).toBe(items.length - withoutN8n);
});
