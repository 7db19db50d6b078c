import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { inputError, shown } from '../fields/parameter';
import { getAll as getEmployees } from './employee/getAll';
import type { Operation } from './Operation';
import { availability } from './reservation/availability';
import { cancel } from './reservation/cancel';
import { create } from './reservation/create';
import { getAll } from './reservation/getAll';
import { update } from './reservation/update';
import { getAll as getSpaces } from './space/getAll';

interface Resource {
	/** The value that saved workflows hold; the folder of its operations has the same name. */
	value: string;
	name: string;
	/** The first one is the default. */
	operations: Operation[];
}

/**
 * The one list: the dropdowns, the fields, the options that fit, and the dispatch come from it. To
 * add an operation, write its file, name it here, and describe its output in `__schema__`.
 */
const resources: Resource[] = [
	{
		value: 'reservation',
		name: 'Reservation',
		operations: [cancel, availability, create, getAll, update],
	},
	{ value: 'space', name: 'Space', operations: [getSpaces] },
	{ value: 'employee', name: 'Employee', operations: [getEmployees] },
];

const optionOf = ({ value, name }: { value: string; name: string }) => ({ value, name });

/** By resource and operation, what the canvas says below the node. */
export const operationNames = Object.fromEntries(
	resources.map(({ value, operations }) => [
		value,
		Object.fromEntries(operations.map((one) => [one.value, one.name])),
	]),
);

/** What operations say before a run, each once. */
export const operationHints = [
	...new Set(resources.flatMap(({ operations }) => operations.flatMap(({ hint }) => hint ?? []))),
];

/** @throws NodeOperationError when Resource or Operation holds none of the list */
export function findOperation(n8n: IExecuteFunctions): Operation {
	const choose = <T extends { value: string; name: string }>(field: string, some: T[]): T => {
		const value = n8n.getNodeParameter(field.toLowerCase(), 0, some[0].value);
		const chosen = some.find((one) => one.value === value);
		if (chosen) return chosen;
		const names = some.map(({ name }) => name).join(', ');
		const message = `${field}: "${shown(value)}" does not exist`;
		throw inputError(n8n.getNode(), message, `Choose one of ${names}.`);
	};
	return choose('Operation', choose('Resource', resources).operations);
}

/** Shows a field, or with `/` before its keys an option, for the operations that it is for only. */
export function shownFor(
	field: INodeProperties,
	resource: string,
	operations: string[],
	path = '',
): INodeProperties {
	const show = { [`${path}resource`]: [resource], [`${path}operation`]: operations };
	return {
		...field,
		displayOptions: { ...field.displayOptions, show: { ...field.displayOptions?.show, ...show } },
	};
}

/** An option, for each resource that has operations to which it applies. */
export function optionFor(
	option: INodeProperties,
	applies: (operation: Operation) => boolean,
): INodeProperties[] {
	return resources.flatMap(({ value, operations }) => {
		const fitting = operations.filter(applies).map((operation) => operation.value);
		return fitting.length > 0 ? [shownFor(option, value, fitting, '/')] : [];
	});
}

/** The options that single operations bring along. */
export const ownOptions: INodeProperties[] = resources.flatMap(({ value, operations }) =>
	operations.flatMap(({ value: operation, options = [] }) =>
		options.map((option) => shownFor(option, value, [operation], '/')),
	),
);

export const operationProperties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: resources.map(optionOf),
		default: 'reservation',
	},
	...resources.map(({ value, operations }): INodeProperties => ({
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: operations.map((one) => ({
			...optionOf(one),
			action: one.action,
			description: one.description,
		})),
		// n8n's lint rule takes no element of a list for a default.
		default: String(operations[0].value),
	})),
	...resources.flatMap(({ value, operations }) =>
		operations.flatMap((one) => one.fields.map((field) => shownFor(field, value, [one.value]))),
	),
];
