import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { checkApplicant } from '../fields/applicant';
import type { Parameters } from '../fields/parameter';
import { readFilters } from '../fields/text';
import { applicantIdOf } from '../objects/employees';
import type { Ultimo } from '../transport/request';
import { PROCESSED } from './list';

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
	description: `Only reservations ${which}; capitals make no difference`,
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
	return { ...filters, applicantId: await applicantIdOf(ultimo, checkApplicant(applicantId)) };
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
