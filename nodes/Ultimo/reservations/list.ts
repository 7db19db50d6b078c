import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { ultimoTime } from '../fields/times';
import { isObject } from '../transport/answer';
import { RESERVATIONS_PER_ANSWER } from '../transport/limits';
import type { Ultimo } from '../transport/request';
import { sweep, type Found } from './sweep';

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
				'Check that REST_GetReservationsForSpace is what answers at this address, and not a workflow of your own that gives something else.',
		});
	};
	const found = await sweep(get, from, till, enough);
	if (!('dense' in found)) return found;
	const [begin, end] = found.dense.map(ultimoTime);
	throw ultimo.error({
		outcome: 'refused',
		message: `Space ${SpaceId} has more reservations from ${begin} to ${end} than Ultimo gives`,
		advice: `Ultimo gives at most ${RESERVATIONS_PER_ANSWER} at a time, so the list would have gaps. Choose a time that leaves this moment out.`,
	});
}

/** The status that Ultimo's pages show; whether reservations of others hold a space is unknown. */
export const PROCESSED = 'Processed';

export function isProcessed({ item }: Reservation): boolean {
	return String(item.Status).toLowerCase() === PROCESSED.toLowerCase();
}

/** When an item of Ultimo's is, in milliseconds since 1970; NaN if it doesn't say so. */
export function startOrEnd(value: unknown, zone: string): number {
	return typeof value === 'string' ? DateTime.fromISO(value, { zone }).toMillis() : NaN;
}

function reservationOf(item: IDataObject, zone: string): Reservation {
	return {
		id: String(item.UltimoId ?? JSON.stringify(item)),
		start: startOrEnd(item.StartTime, zone),
		end: startOrEnd(item.EndTime, zone),
		item,
	};
}

/** `Output.collection`; a customer's own workflows give `Output` as JSON in a text. */
function readCollection({ Output }: IDataObject): IDataObject[] | undefined {
	const output: unknown = typeof Output === 'string' ? parsed(Output) : Output;
	if (!isObject(output)) return undefined;
	// .NET leaves an empty list out or says null.
	const collection = output.collection ?? [];
	return Array.isArray(collection) && collection.every(isObject) ? collection : undefined;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
