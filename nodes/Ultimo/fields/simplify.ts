import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { asBoolean } from './choices';
import type { Parameters } from './parameter';

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** @throws NodeOperationError that names the field */
export function readSimplify(parameters: Parameters): boolean {
	return parameters.read(simplifyField, asBoolean);
}

/** Of each item those of the fields that it has, in their order; an empty one is had as well. */
export function simplified(items: IDataObject[], fields: string[]): IDataObject[] {
	return items.map((item) =>
		Object.fromEntries(
			fields.filter((field) => Object.hasOwn(item, field)).map((field) => [field, item[field]]),
		),
	);
}
