import type { INodeProperties } from 'n8n-workflow';

import { asBoolean } from '../../fields/choices';
import { limitFields, readLimit } from '../../fields/limit';
import { readPeriod, ZONE_HINT } from '../../fields/period';
import { readSpaces, spacesFields, spacesHint, type Spaces } from '../../fields/space';
import { eachSpace } from '../../objects/eachSpace';
import { chooseSpaces, type Space } from '../../objects/spaces';
import {
	filtersField,
	matches,
	readReservationFilters,
	withApplicantId,
	type ReservationFilters,
} from '../../reservations/filters';
import { listReservations, type Reservation } from '../../reservations/list';
import type { Operation } from '../Operation';

const windowFields: INodeProperties[] = [
	{
		displayName: 'From',
		name: 'from',
		type: 'dateTime',
		required: true,
		default: '={{ $now.toISO() }}',
		placeholder: 'e.g. 2026-11-22T10:00:00',
		description: `Start of the time to look at. A reservation that began before it and goes on after it may come too, unless Only What Starts in This Time is on. A date alone means the start of that day. ${ZONE_HINT}.`,
		hint: 'What began before it and goes on may come too: before you cancel, turn on Only What Starts in This Time',
	},
	{
		displayName: 'Until',
		name: 'till',
		type: 'dateTime',
		required: true,
		default: '={{ $now.plus({ weeks: 1 }).toISO() }}',
		placeholder: 'e.g. 2026-11-29T10:00:00',
		description: `End of the time to look at. A reservation that goes on beyond it may come too, or be left out. A date alone includes that whole day. ${ZONE_HINT}.`,
		hint: 'Ultimo may leave out what goes on beyond it',
	},
];

const onlyStartingField: INodeProperties = {
	displayName: 'Only What Starts in This Time',
	name: 'onlyStarting',
	type: 'boolean',
	default: false,
	description:
		'Whether to leave out reservations that began before From. Turn it on where they are cancelled next: a meeting that is under way at From keeps its room.',
};

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many reservations',
	description: 'List the reservations of spaces',
	fields: [...spacesFields, ...windowFields, onlyStartingField, ...limitFields, filtersField],
	hint: spacesHint,
	sameRequestOnce: true,

	read(parameters) {
		const spaces = readSpaces(parameters);
		const [From, Till] = readPeriod(parameters, windowFields, ['startOfDay', 'endOfDay']);
		const onlyStarting = parameters.read(onlyStartingField, asBoolean);
		const limit = readLimit(parameters);
		const filters = readReservationFilters(parameters);
		return { ...spaces, From, Till, onlyStarting, limit, filters };
	},

	async execute(ultimo, request, { failed }) {
		const most = (request.limit as number | null) ?? Infinity;
		const window = [request.From, request.Till].map((time) => Date.parse(time as string));
		const filters = await withApplicantId(ultimo, request.filters as ReservationFilters);
		const fits = ({ item, start }: Reservation) =>
			(!request.onlyStarting || start >= window[0]) && matches(item, filters);
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
