import type { INodeProperties } from 'n8n-workflow';

import { asBoolean } from './choices';
import { given, Mistake, type Parameters } from './parameter';

const returnAllField: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

const limitField: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	displayOptions: { show: { returnAll: [false] } },
	description: 'Max number of results to return',
};

export const limitFields = [returnAllField, limitField];

/**
 * How many results to give at most; null for all.
 * @throws NodeOperationError that names the field
 */
export function readLimit(parameters: Parameters): number | null {
	if (parameters.read(returnAllField, asBoolean)) return null;
	return parameters.read(limitField, (value) => {
		const limit = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
		if (Number.isInteger(limit) && (limit as number) >= 1) return limit as number;
		throw new Mistake(
			`${given(value)} is not a number of results`,
			'Enter a whole number from 1 on, or turn Return All on.',
		);
	});
}
