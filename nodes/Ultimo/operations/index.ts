import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';

import { cancel } from './reservation/cancel';
import { create } from './reservation/create';
import { getMany } from './reservation/getAll';
import type { Operation } from './Operation';
import { update } from './reservation/update';

/** The one list: the dropdown, the fields and the dispatch come from it. */
const operations: Operation[] = [cancel, create, getMany, update];

export const operationNames = Object.fromEntries(
	operations.map(({ value, name }) => [value, name]),
);

/** @throws NodeOperationError when the parameter Operation holds none of the list */
export function findOperation(this: IExecuteFunctions): Operation {
	const value = this.getNodeParameter('operation', 0);
	const operation = operations.find((one) => one.value === value);
	if (operation) return operation;
	throw new NodeOperationError(this.getNode(), `Operation: "${String(value)}" does not exist`, {
		description: `Choose one of ${operations.map(({ name }) => name).join(', ')}.`,
	});
}

export const operationProperties: INodeProperties[] = [
	{
		// Of one resource only, but n8n describes a tool by its operation only where there is one
		// (`resolveResourceAndOperation` in n8n-workflow's node-helpers.ts).
		displayName: 'Resource',
		name: 'resource',
		type: 'hidden',
		options: [{ name: 'Reservation', value: 'reservation' }],
		default: 'reservation',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['reservation'] } },
		options: operations.map(({ value, name, action, description }) => ({
			value,
			name,
			action,
			description,
		})),
		default: 'cancel',
	},
	...operations.flatMap(({ value, fields }) =>
		fields.map((field) => ({
			...field,
			displayOptions: {
				...field.displayOptions,
				show: { ...field.displayOptions?.show, operation: [value] },
			},
		})),
	),
];
