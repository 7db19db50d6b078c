import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { Mistake, type Parameters } from './parameter';
import { readTime, ultimoTime, zonedTime, type DateOnly } from './times';

/** In hints and descriptions: n8n shows a field's hint only while it holds no expression. */
export const ZONE_HINT = "A time without a zone is read in the workflow's time zone";

const startField: INodeProperties = {
	displayName: 'Start Time',
	name: 'startTime',
	type: 'dateTime',
	required: true,
	default: '',
	placeholder: 'e.g. 2026-11-22T10:00:00',
	description: `When the reservation starts. ${ZONE_HINT}; in the hour that is repeated in autumn, the first one is meant.`,
	hint: ZONE_HINT,
};

const endField: INodeProperties = {
	displayName: 'End Time',
	name: 'endTime',
	type: 'dateTime',
	required: true,
	default: '',
	placeholder: 'e.g. 2026-11-22T11:00:00',
	description: `When the reservation ends. ${ZONE_HINT}.`,
};

export const periodFields = [startField, endField];

/** Filled in with what Get Many and Create give, so that only the time to change is left to enter. */
export const changedPeriodFields: INodeProperties[] = [
	{
		...startField,
		default: '={{ $json.StartTime }}',
		description: `${startField.description} Filled in with the StartTime of the step before.`,
	},
	{
		...endField,
		default: '={{ $json.EndTime }}',
		description: `${endField.description} Filled in with the EndTime of the step before.`,
	},
];

/**
 * Two times, the second after the first, as Ultimo takes them.
 * @throws NodeOperationError that names the field
 */
export function readPeriod(
	parameters: Parameters,
	[first, last]: INodeProperties[] = periodFields,
	[firstDate, lastDate]: DateOnly[] = ['refused', 'refused'],
): [string, string] {
	const { zone } = parameters;
	const start = parameters.read(first, (value) => readTime(value, zone, firstDate));
	const end = parameters.read(last, (value) => readTime(value, zone, lastDate));
	parameters.check(last.displayName, () => {
		if (end > start) return;
		throw new Mistake(
			`${zonedTime(end, zone)} is not after ${first.displayName}, ${zonedTime(start, zone)}`,
			`Check both times; they are shown here in the workflow's time zone, ${zone}. ${ZONE_HINT}.`,
		);
	});
	return [ultimoTime(start), ultimoTime(end)];
}

/** Start and end of what was asked for, as an output gives them. */
export function zonedPeriod({ StartTime, EndTime }: IDataObject, zone: string) {
	const zoned = (time: unknown) => zonedTime(Date.parse(time as string), zone);
	return { StartTime: zoned(StartTime), EndTime: zoned(EndTime) };
}
