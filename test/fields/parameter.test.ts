import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { parametersOf } from '../../nodes/Ultimo/fields/parameter';

const FIELD = { name: 'field', displayName: 'Field' } as INodeProperties;

it.each([
	['nothing entered', undefined, [0, 0, 0]],
	['a text', 'x', [0, 0, 0]],
	['a pick', { __rl: true, mode: 'list', value: 'x' }, [0, 0, 0]],
	['options', { dryRun: true, ignoreErrorCodes: '1166' }, [0, 0, 0]],
	['an expression', '={{ $json.UltimoId }}', [0, 1, 2]],
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
