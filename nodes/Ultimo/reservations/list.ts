import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { isEmpty } from '../fields/parameter';
import { inZone, ultimoTime, zonedTime } from '../fields/times';
import { isObject, text } from '../transport/answer';
import type { Ultimo } from '../transport/request';
import { cutOf } from './cut';
import { sweep, type Found } from './sweep';

const MAY_LACK =
	'Ultimo seems to list only reservations that end within the time asked for, and this list took several such times: cancelled reservations that last over many others may be missing.';

export type Reservation = Found<IDataObject>;

/**
 * The reservations of a space in a window, each once, in order of start.
 * @param from milliseconds since 1970, in whole seconds
 * @param enough whether those that are first in order will do
 * @throws NodeApiError
 */
export async function listReservations(
	ultimo: Ultimo,
	SpaceId: string,
	[from, till]: [number, number],
	enough?: (sorted: Reservation[]) => boolean,
): Promise<Reservation[]> {
	const get = async (begin: number, end: number) => {
		const body = { SpaceId, From: ultimoTime(begin), Till: ultimoTime(end) };
		const collection = readCollection(await ultimo.ask('REST_GetReservationsForSpace', body));
		if (collection) return collection.map((item) => reservationOf(item, ultimo.zone));
		throw ultimo.error({
			outcome: 'refused',
			message: "Ultimo's answer holds no list of reservations",
			advice:
				'Check that REST_GetReservationsForSpace is what answers at this address, and not an Ultimo workflow of your own that gives something else.',
		});
	};
	const cut = cutOf(ultimo.run);
	const swept = await sweep(cut.checked(get), from, till, enough, () => cut.most);
	if ('found' in swept) {
		if (swept.mayLack) ultimo.run.notes.add(MAY_LACK);
		return swept.found;
	}
	if ('dense' in swept) {
		const [begin, end] = swept.dense.map((ms) => zonedTime(ms, ultimo.zone));
		throw ultimo.error({
			outcome: 'refused',
			message: `Space ${SpaceId} has more reservations from ${begin} to ${end} than Ultimo gives`,
			advice: `Ultimo gives at most ${cut.most} at a time, so the list would have gaps. Choose a time that leaves this moment out.`,
		});
	}
	throw ultimo.error({
		outcome: 'refused',
		message: `Ultimo's lists of space ${SpaceId} come to no end: ${swept.requests} requests gave ${swept.reservations} reservations`,
		advice:
			'Choose a shorter time. If that does not help, what answers to REST_GetReservationsForSpace gives others than it is asked for.',
	});
}

/** The status that Ultimo's pages show; whether reservations of others hold a space is unknown. */
export const PROCESSED = 'Processed';

export function isProcessed({ item }: Reservation): boolean {
	return String(item.Status).toLowerCase() === PROCESSED.toLowerCase();
}

/** In the languages of Ultimo's customers; a status that is not known is none of these. */
const CANCELLED =
	/^(cancell?ed|geannuleerd|annul[eé]e?|annull?ato|annulli?er[etd]+|annullerad|storniert|cancelad[oa]|anulad[oa]|anulowan[aey])$/i;

export function isCancelled({ item }: Pick<Reservation, 'item'>): boolean {
	return CANCELLED.test(String(item.Status).trim());
}

const OFFSET = /T.*(Z|[+-]\d\d(:?\d\d)?)$/i;

/** When an item of Ultimo's is, in milliseconds since 1970; NaN if it doesn't say so. */
export function startOrEnd(value: unknown, zone: string): number {
	if (typeof value !== 'string') return NaN;
	const ms = DateTime.fromISO(value, { zone: 'utc' }).toMillis();
	// In the hour that comes twice luxon would choose by the time that it is now.
	return Number.isNaN(ms) || OFFSET.test(value) ? ms : inZone(ms, zone).moment;
}

function reservationOf(item: IDataObject, zone: string): Reservation {
	return {
		id: text(item.UltimoId) ?? JSON.stringify(item),
		start: startOrEnd(item.StartTime, zone),
		end: startOrEnd(item.EndTime, zone),
		item,
	};
}

/** `Output.collection`, or `Output`; a customer's own workflows give that as JSON in a text. */
function readCollection(properties: IDataObject): IDataObject[] | undefined {
	const given = only('output', properties);
	const output: unknown = typeof given === 'string' ? parsed(given) : given;
	const collection = isObject(output) ? only('collection', output) : output;
	// .NET leaves out what is empty or says null, both the list and what is around it.
	if (isEmpty(collection)) return [];
	return Array.isArray(collection) && collection.every(isObject) ? collection : undefined;
}

/** A field in whatever case, which .NET may leave out; beside others it is no empty list that is not there. */
function only(name: string, fields: IDataObject): unknown {
	const entries = Object.entries(fields);
	const field = entries.find(([key]) => key.toLowerCase() === name);
	return field ? field[1] : entries.length === 0 ? undefined : fields;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
