import type { IDataObject } from 'n8n-workflow';

import { ultimoTime } from '../fields/times';
import { FIELDS, type Change, type Details } from './changes';

const MINUTE_MS = 60_000;

/** In Ultimo's spelling. */
function fieldsOf({ space, start, end, description, applicant, applicantName, status }: Details) {
	return {
		SpaceId: space,
		Description: description,
		ApplicantId: applicant,
		ApplicantName: applicantName,
		StartTime: ultimoTime(start),
		EndTime: ultimoTime(end),
		Status: status,
	};
}

const SPELLED = {
	space: 'SpaceId',
	start: 'StartTime',
	end: 'EndTime',
	description: 'Description',
	applicant: 'ApplicantId',
	status: 'Status',
} as const;

/** A reservation as the filters see it. */
export function knownAs(details: Details): IDataObject {
	return fieldsOf(details);
}

/**
 * The output item of an event.
 * @param item the reservation as Ultimo lists it now; without it, it is missing
 */
export function itemOf({ event, key, id, now, before, lateMs }: Change, item?: IDataObject) {
	const own = { event, eventKey: key, SpaceId: now.space, UltimoId: id };
	// The status that it had before it went missing says nothing any more.
	const reservation = item ?? { ...fieldsOf(now), Status: undefined };
	return {
		...own,
		...reservation,
		// A field of a customer's own may have the same name.
		...own,
		...(lateMs === undefined ? {} : { minutesLate: Math.floor(lateMs / MINUTE_MS) }),
		...(before === undefined ? {} : { previous: previousOf(now, before) }),
	};
}

/** What changed, with the values before. */
function previousOf(now: Details, before: Details): IDataObject {
	const values = fieldsOf(before);
	const changed = FIELDS.filter((field) => now[field] !== before[field]);
	return Object.fromEntries(changed.map((field) => [SPELLED[field], values[SPELLED[field]]]));
}
