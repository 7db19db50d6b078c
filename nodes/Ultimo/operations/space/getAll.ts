import type { INodeProperties } from 'n8n-workflow';

import { limitFields, readLimit } from '../../fields/limit';
import { readSimplify, simplified, simplifyField } from '../../fields/simplify';
import { readSpaceFilters, spaceFilterOptions, type SpaceFilters } from '../../fields/space';
import { listSpaces } from '../../objects/spaces';
import type { Operation } from '../Operation';

const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	description: 'Which of the spaces that the API key may read',
	options: spaceFilterOptions,
};

const SIMPLE = [
	'SpaceId',
	'Id',
	'Description',
	'Context',
	'Status',
	'RoomNumber',
	'BuildingFloor',
	'Site',
];

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many spaces',
	description: 'List spaces that the API key may read',
	fields: [...limitFields, simplifyField, filtersField],
	sameRequestOnce: true,

	read: (parameters) => ({
		limit: readLimit(parameters),
		simplify: readSimplify(parameters),
		filters: readSpaceFilters(parameters, filtersField),
	}),

	async execute(ultimo, { limit, simplify, filters }) {
		const most = (limit as number | null) ?? undefined;
		const spaces = await listSpaces(ultimo, filters as SpaceFilters, { most });
		return simplify ? simplified(spaces, SIMPLE) : spaces;
	},

	skipped: () => ({}),
};
