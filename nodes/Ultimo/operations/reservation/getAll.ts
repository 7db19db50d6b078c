import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { checkApplicant } from '../../fields/applicant';
import { limitFields, readLimit } from '../../fields/limit';
import type { Parameters } from '../../fields/parameter';
import { readPeriod, ZONE_HINT } from '../../fields/period';
import { readSpaceId, spaceField } from '../../fields/space';
import { readFilters } from '../../fields/text';
import { applicantIdOf } from '../../objects/employees';
import { listReservations, PROCESSED } from '../../reservations/list';
import type { Ultimo } from '../../transport/request';
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

export const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	description: 'Which reservations to return; Ultimo itself can only filter by space and time',
	options: [
		{
			...filterField('Applicant', 'applicantId', 'j.fasse@example.com', 'of this employee'),
			description:
				'Only reservations of the employee with this ID in Ultimo or e-mail address. An address is looked up once a run, which needs an API key that may read employees.',
		},
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
	fields: [spaceField, ...windowFields, ...limitFields, filtersField],
	sameRequestOnce: true,

	read(parameters) {
		const SpaceId = readSpaceId(parameters);
		const [From, Till] = readPeriod(parameters, windowFields, ['startOfDay', 'endOfDay']);
		const limit = readLimit(parameters);
		const filters = readReservationFilters(parameters);
		return { SpaceId, From, Till, limit, filters };
	},

	async execute(ultimo, request) {
		const SpaceId = request.SpaceId as string;
		const most = (request.limit as number | null) ?? Infinity;
		const window = [request.From, request.Till].map((time) => Date.parse(time as string));
		const filters = await withApplicantId(ultimo, request.filters as ReservationFilters);
		const fits = ({ item }: { item: IDataObject }) => matches(item, filters);
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

export type ReservationFilters = Partial<Record<'applicantId' | 'description' | 'status', string>>;

/** @throws NodeOperationError that names the filter */
export function readReservationFilters(parameters: Parameters): ReservationFilters {
	return readFilters(parameters, filtersField, { applicantId: readApplicantFilter });
}

/**
 * The filters with the applicant's id for an e-mail address.
 * @throws NodeApiError
 */
export async function withApplicantId(
	ultimo: Ultimo,
	{ applicantId, ...filters }: ReservationFilters,
): Promise<ReservationFilters> {
	if (applicantId === undefined) return filters;
	return {
		...filters,
		applicantId: await applicantIdOf(ultimo, checkApplicant(applicantId)),
	};
}

function readApplicantFilter(value: unknown): string {
	return String(Object.values(checkApplicant(value))[0]);
}

export function matches(
	item: IDataObject,
	{ applicantId, description, status }: ReservationFilters,
): boolean {
	const text = (value: unknown) => String(value ?? '').toLowerCase();
	return (
		(!applicantId || text(item.ApplicantId).trim() === text(applicantId)) &&
		(!status || text(item.Status).trim() === text(status)) &&
		text(item.Description).includes(text(description))
	);
}
