import type { INodeProperties, IPollFunctions } from 'n8n-workflow';

import { given, Mistake, Parameters, shown } from '../fields/parameter';
import { readSpaces, spacesFields, type Spaces } from '../fields/space';
import {
	filtersField,
	readReservationFilters,
	type ReservationFilters,
} from '../reservations/filters';
import type { EventName } from './changes';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** What the builder chose. */
export interface Settings {
	events: Set<EventName>;
	soonMs: number;
	lookAheadMs: number;
	spaces: Spaces;
	filters: ReservationFilters;
}

const EVENTS: Array<{ value: EventName; name: string; action: string; description: string }> = [
	{
		value: 'cancelled',
		name: 'Reservation Cancelled',
		action: 'On reservation cancelled',
		description:
			'Its space is free again: it is gone from the list at two polls in a row, or its status says cancelled',
	},
	{
		value: 'created',
		name: 'Reservation Created',
		action: 'On reservation created',
		description: 'Somebody reserved a space',
	},
	{
		value: 'ended',
		name: 'Reservation Ended',
		action: 'On reservation ended',
		description: 'Its end time has come',
	},
	{
		value: 'started',
		name: 'Reservation Started',
		action: 'On reservation started',
		description: 'Its start time has come',
	},
	{
		value: 'startingSoon',
		name: 'Reservation Starting Soon',
		action: 'On reservation starting soon',
		description: 'Some minutes before it starts',
	},
	{
		value: 'updated',
		name: 'Reservation Updated',
		action: 'On reservation updated',
		description:
			'Its time, space, description, applicant or status changed; a move frees a space too',
	},
];

/** By event, what the canvas says below the trigger, whose name says that they are of reservations. */
export const eventNames = Object.fromEntries(
	EVENTS.map(({ value, name }) => [value, name.replace('Reservation ', '')]),
);

const eventsField: INodeProperties = {
	displayName: 'Trigger On',
	name: 'events',
	type: 'multiOptions',
	required: true,
	default: [],
	options: EVENTS,
	description: 'What to start the workflow for; one item for each event',
};

const minutesBeforeField: INodeProperties = {
	displayName: 'Minutes Before',
	name: 'minutesBefore',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 10080 },
	default: 15,
	displayOptions: { show: { events: ['startingSoon'] } },
	description:
		'How long before its start a reservation starts soon. It is told by the first poll after that moment, so poll often enough.',
};

const lookAheadField: INodeProperties = {
	displayName: 'Look Ahead (Days)',
	name: 'lookAheadDays',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 365 },
	default: 30,
	description: 'Only reservations that start within so many days',
};

export const properties: INodeProperties[] = [
	eventsField,
	minutesBeforeField,
	...spacesFields,
	lookAheadField,
	{ ...filtersField, description: 'Only events of reservations that fit, or did before a change' },
];

/** @throws NodeOperationError that names the field */
export function readSettings(n8n: IPollFunctions): Settings {
	const valueOf = ({ name, default: usual }: INodeProperties) => n8n.getNodeParameter(name, usual);
	const parameters = new Parameters(n8n.getNode(), n8n.getTimezone(), valueOf);
	const events = parameters.read(eventsField, readEvents);
	const soonMs = parameters.read(minutesBeforeField, numberWithin(minutesBeforeField)) * MINUTE_MS;
	const lookAheadMs = parameters.read(lookAheadField, numberWithin(lookAheadField)) * DAY_MS;
	parameters.check(lookAheadField.displayName, () => {
		if (!events.has('startingSoon') || soonMs < lookAheadMs) return;
		throw new Mistake(
			`${lookAheadMs / DAY_MS} days are no longer than ${minutesBeforeField.displayName}`,
			'What starts soon must lie within the days to look ahead. Enter more days.',
		);
	});
	return {
		events,
		soonMs,
		lookAheadMs,
		spaces: readSpaces(parameters),
		filters: readReservationFilters(parameters),
	};
}

function readEvents(value: unknown): Set<EventName> {
	const chosen = [value].flat() as EventName[];
	const unknown = chosen.find((one) => !EVENTS.some((event) => event.value === one));
	if (chosen.length > 0 && unknown === undefined) return new Set(chosen);
	throw new Mistake(
		unknown === undefined ? 'no event is chosen' : `${shown(unknown)} is no event`,
		'Choose what the workflow shall start for.',
	);
}

const numberWithin =
	({ typeOptions }: INodeProperties) =>
	(value: unknown): number => {
		const { minValue = -Infinity, maxValue = Infinity } = typeOptions ?? {};
		const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
		if (typeof number === 'number' && number >= minValue && number <= maxValue) return number;
		throw new Mistake(
			`${given(value)} is not a number from ${minValue} to ${maxValue}`,
			'Enter such a number.',
		);
	};
