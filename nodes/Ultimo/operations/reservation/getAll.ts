import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { APPLICANT, checkId, SPACE, spaceField } from '../../fields/ids';
import { asBoolean, isEmpty, Mistake, shown } from '../../fields/parameter';
import { readPeriod, ZONE_HINT } from '../../fields/period';
import { listReservations, PROCESSED } from '../../reservations/list';
import type { Operation } from '../Operation';

const windowFields: INodeProperties[] = [
	{
		displayName: 'From',
		name: 'from',
		type: 'dateTime',
		required: true,
		default: '={{ $now.toISO() }}',
		placeholder: 'e.g. 2026-11-22T10:00:00',
		description: `Start of the time to look at. A date alone means the start of that day. ${ZONE_HINT}.`,
		hint: ZONE_HINT,
	},
	{
		displayName: 'Till',
		name: 'till',
		type: 'dateTime',
		required: true,
		default: '={{ $now.plus({ weeks: 1 }).toISO() }}',
		placeholder: 'e.g. 2026-11-29T10:00:00',
		description: `End of the time to look at. A date alone includes that whole day. ${ZONE_HINT}.`,
		hint: 'Ultimo may leave out reservations that only partly fall in this time; widen it if in doubt',
	},
];

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

const filterField = (
	displayName: string,
	name: string,
	example: string,
	which: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder: `e.g. ${example}`,
	description: `Only reservations ${which}, in any case`,
});

const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	description: 'Which reservations to return; Ultimo itself can only filter by space and time',
	options: [
		filterField('Applicant ID', 'applicantId', 'ULTIMO', 'of this employee'),
		filterField(
			'Description Contains',
			'description',
			'interview',
			'with this text in their description',
		),
		filterField('Status', 'status', PROCESSED, 'with this status'),
	],
};

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many reservations',
	description: 'List the reservations of a space',
	fields: [spaceField, ...windowFields, returnAllField, limitField, filtersField],
	sameRequestOnce: true,

	read(parameters) {
		const SpaceId = parameters.read(spaceField, (value) => checkId(value, SPACE));
		const [From, Till] = readPeriod(parameters, windowFields, ['startOfDay', 'endOfDay']);
		const returnAll = parameters.read(returnAllField, asBoolean);
		const limit = returnAll ? null : parameters.read(limitField, readLimit);
		const typed = parameters.read(filtersField, (value) => value as IDataObject);
		const filter = (name: string, displayName: string) =>
			parameters.check(displayName, () => readFilter(typed, name));
		return {
			SpaceId,
			From,
			Till,
			limit,
			applicantId: filter('applicantId', 'Applicant ID'),
			description: filter('description', 'Description Contains'),
			status: filter('status', 'Status'),
		};
	},

	async execute(ultimo, request) {
		const SpaceId = request.SpaceId as string;
		const most = (request.limit as number | null) ?? Infinity;
		const window = [request.From, request.Till].map((time) => Date.parse(time as string));
		const fits = ({ item }: { item: IDataObject }) => matches(item, request);
		const found = await listReservations(
			ultimo,
			SpaceId,
			window as [number, number],
			(first) => first.filter(fits).length >= most,
		);
		return found
			.filter(fits)
			.slice(0, most)
			.map(({ item }) => ({ ...item, SpaceId }));
	},

	skipped: ({ SpaceId }) => ({ SpaceId }),
};

/** Whole numbers from 1 on. */
function readLimit(value: unknown): number {
	const limit = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (Number.isInteger(limit) && (limit as number) >= 1) return limit as number;
	throw new Mistake(
		`${shown(value) || 'nothing'} is not a number of reservations`,
		'Enter a whole number from 1 on, or turn Return All on.',
	);
}

/**
 * A filter that is there but empty is a mistake: an expression that found nothing would list the
 * reservations of everybody, perhaps to be cancelled next.
 */
function readFilter(filters: IDataObject, name: string): string {
	if (!Object.hasOwn(filters, name)) return '';
	const value: unknown = filters[name];
	if (isEmpty(value)) {
		throw new Mistake('the filter is empty', 'Fill it in, check its expression, or remove it.');
	}
	if (name === 'applicantId') return checkId(value, APPLICANT);
	if (typeof value === 'string') return value.trim();
	throw new Mistake(`${shown(value)} is not text`, 'Enter a text, or remove this filter.');
}

function matches(item: IDataObject, { applicantId, description, status }: IDataObject): boolean {
	const text = (value: unknown) => String(value ?? '').toLowerCase();
	return (
		(!applicantId || text(item.ApplicantId).trim() === text(applicantId)) &&
		(!status || text(item.Status).trim() === text(status)) &&
		text(item.Description).includes(text(description))
	);
}
