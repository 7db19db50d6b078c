import type { INodeProperties, NodeHint } from 'n8n-workflow';

import { QUOTA, RESERVATIONS_PER_ANSWER } from '../transport/limits';
import { checkId, SPACE } from './ids';
import { oneOf } from './choices';
import { isEmpty, Mistake, type Parameters } from './parameter';
import { checkQuery, readFilters } from './text';

const MOST_IDS = 1000;

/** Which spaces there are; Ultimo looks at all of these. */
export type SpaceFilters = Partial<Record<'search' | 'site' | 'query', string>>;

/** Which spaces to look at: one, some in this order, or all that the key may read and that fit. */
export type Spaces = { SpaceId: string } | { SpaceIds: string[] } | { spaceFilters: SpaceFilters };

/** From a list or by id: a key that may not read spaces needs a way that works. */
export const spaceField: INodeProperties = {
	displayName: 'Space',
	name: 'spaceId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The space, picked from those that the API key may read, or its ID in Ultimo',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a space...',
			typeOptions: { searchListMethod: 'searchSpaces', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. C-25',
			hint: 'IDs are text: in a spreadsheet, format their column as text, or 3.10 arrives as 3.1',
		},
	],
};

/** @throws NodeOperationError that names the field */
function readSpaceId(parameters: Parameters): string {
	return parameters.read(spaceField, (value) => checkId(value, SPACE));
}

export const spaceIdsField: INodeProperties = {
	displayName: 'Spaces',
	name: 'spaceIds',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. C-25, C-26, 003.0.10',
	description: 'The IDs of the spaces, separated by commas, or a list of them by an expression',
	hint: 'IDs, not names; Space > Get Many lists both',
};

/**
 * The ids of several spaces, each once, in the order given.
 * @throws NodeOperationError that names the field
 */
export function readSpaceIds(parameters: Parameters): string[] {
	return parameters.read(spaceIdsField, (value) => {
		const ids = [...new Set(split(value).map((id) => checkId(id, SPACE)))];
		if (ids.length > 0 && ids.length <= MOST_IDS) return ids;
		throw new Mistake(
			`${ids.length || 'no'} spaces are given`,
			`Enter the IDs of up to ${MOST_IDS} spaces, separated by commas.`,
		);
	});
}

/** A text of a language model can be a list in JSON. */
function split(value: unknown): unknown[] {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return isEmpty(value) ? [] : [value];
	if (!value.trim().startsWith('[')) return value.split(/[,;\n]/).filter((id) => !isEmpty(id));
	try {
		return JSON.parse(value) as unknown[];
	} catch {
		return [value];
	}
}

export const spaceFilterOptions: INodeProperties[] = [
	{
		displayName: 'Search',
		name: 'search',
		type: 'string',
		default: '',
		placeholder: 'e.g. meeting room',
		description: 'Only spaces with this text in their name or ID',
	},
	{
		displayName: 'Site',
		name: 'site',
		type: 'string',
		default: '',
		placeholder: 'e.g. 01',
		description: 'Only spaces of the site with this ID',
	},
	{
		displayName: 'Ultimo Filter',
		name: 'query',
		type: 'string',
		default: '',
		placeholder: 'e.g. Context eq 1',
		description:
			"Only spaces that fit this filter of Ultimo's own, in addition to the other filters",
	},
];

const spaceFiltersField: INodeProperties = {
	displayName: 'Space Filters',
	name: 'spaceFilters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	description: 'Which of the spaces that the API key may read',
	options: spaceFilterOptions,
};

/** @param field a collection of {@link spaceFilterOptions} */
export function readSpaceFilters(parameters: Parameters, field = spaceFiltersField): SpaceFilters {
	return readFilters(parameters, field, { query: checkQuery });
}

const onlyWith = (selection: string, field: INodeProperties): INodeProperties => ({
	...field,
	displayOptions: { show: { spaceSelection: [selection] } },
});

const spaceSelectionField: INodeProperties = {
	displayName: 'Which Spaces',
	name: 'spaceSelection',
	type: 'options',
	noDataExpression: true,
	default: 'one',
	options: [
		{ name: 'One', value: 'one', description: 'A space from the list, or by its ID' },
		{ name: 'Several', value: 'several', description: 'Spaces by their IDs' },
		{ name: 'All', value: 'all', description: 'All spaces that the API key may read' },
	],
	description: 'The spaces to look at. Each costs one request to Ultimo or more.',
};

/** One, several or all spaces: the fields of {@link readSpaces}. */
export const spacesFields: INodeProperties[] = [
	spaceSelectionField,
	onlyWith('one', spaceField),
	onlyWith('several', spaceIdsField),
	onlyWith('all', spaceFiltersField),
];

/** What several spaces cost, before it is spent. */
export const spacesHint: NodeHint = {
	message: `Each space costs one request to Ultimo for each input item, unless items ask for the same, and more if it has over ${RESERVATIONS_PER_ANSWER} reservations. With All, the list of spaces costs a request for every 250 of them. Ultimo allows ${QUOTA}.`,
	displayCondition: '={{ ["several", "all"].includes($parameter["spaceSelection"]) }}',
	whenToDisplay: 'beforeExecution',
	location: 'outputPane',
};

/** @throws NodeOperationError that names the field */
export function readSpaces(parameters: Parameters, field = spaceSelectionField): Spaces {
	const selection = parameters.read(field, oneOf(field));
	if (selection === 'all') return { spaceFilters: readSpaceFilters(parameters) };
	if (selection === 'one') return { SpaceId: readSpaceId(parameters) };
	return { SpaceIds: readSpaceIds(parameters) };
}

export const freeSelectionField: INodeProperties = {
	...spaceSelectionField,
	options: [
		{ name: 'One', value: 'one', description: 'A space from the list, or by its ID' },
		{
			name: 'First Free Of',
			value: 'firstFree',
			description: 'The first of several spaces that Ultimo does not say is taken',
		},
	],
	description:
		'The space to reserve. First Free Of costs a request for each space that is asked for; one is reserved at most, for each input item.',
};

/** Of Create: one space, or the first that is free of several. */
export const freeSpaceFields: INodeProperties[] = [
	freeSelectionField,
	onlyWith('one', spaceField),
	onlyWith('firstFree', {
		...spaceIdsField,
		description: `${spaceIdsField.description}. They are asked for in this order.`,
	}),
];
