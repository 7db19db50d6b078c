import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { checkApplicant } from '../../fields/applicant';
import { limitFields, readLimit } from '../../fields/limit';
import { readPeriod, ZONE_HINT } from '../../fields/period';
import { readSpaces, spacesFields, spacesHint, type Spaces } from '../../fields/space';
import { readFilters } from '../../fields/text';
import { eachSpace } from '../../objects/eachSpace';
import { applicantIdOf } from '../../objects/employees';
import { chooseSpaces, type Space } from '../../objects/spaces';
import { listReservations, PROCESSED, type Reservation } from '../../reservations/list';
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

const filtersField: INodeProperties = {
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
	description: 'List the reservations of spaces',
	fields: [...spacesFields, ...windowFields, ...limitFields, filtersField],
	hint: spacesHint,
	sameRequestOnce: true,

	read(parameters) {
		const spaces = readSpaces(parameters);
		const [From, Till] = readPeriod(parameters, windowFields, ['startOfDay', 'endOfDay']);
		const limit = readLimit(parameters);
		const filters = readFilters(parameters, filtersField, { applicantId: readApplicantFilter });
		return { ...spaces, From, Till, limit, filters };
	},

	async execute(ultimo, request, { failed }) {
		const most = (request.limit as number | null) ?? Infinity;
		const window = [request.From, request.Till].map((time) => Date.parse(time as string));
		const { applicantId: typed, ...filters } = request.filters as Filters;
		const applicantId = typed && (await applicantIdOf(ultimo, checkApplicant(typed)));
		const fits = ({ item }: Reservation) => matches(item, { ...filters, applicantId });
		const list = async ({ SpaceId }: Space) => {
			const found = await listReservations(
				ultimo,
				SpaceId,
				window as [number, number],
				(first) => first.filter(fits).length >= most,
			);
			const some = found.filter(fits).slice(0, most);
			return some.map(({ item }) => ({ ...item, SpaceId }));
		};
		const spaces = await chooseSpaces(ultimo, request as Spaces);
		if ('SpaceId' in request) return await list(spaces[0]);
		return await eachSpace(ultimo, spaces, most, list, failed);
	},

	skipped: ({ SpaceId }) => (SpaceId === undefined ? {} : { SpaceId }),
};

type Filters = Partial<Record<'applicantId' | 'description' | 'status', string>>;

function readApplicantFilter(value: unknown): string {
	return String(Object.values(checkApplicant(value))[0]);
}

function matches(item: IDataObject, { applicantId, description, status }: Filters): boolean {
	const text = (value: unknown) => String(value ?? '').toLowerCase();
	return (
		(!applicantId || text(item.ApplicantId).trim() === text(applicantId)) &&
		(!status || text(item.Status).trim() === text(status)) &&
		text(item.Description).includes(text(description))
	);
}
