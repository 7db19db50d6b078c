import { DateTime } from 'luxon';
import { NodeOperationError, type IDataObject } from 'n8n-workflow';

import { isObject } from '../transport/answer';
import { askUltimo } from '../transport/request';
import type { Caller, Session } from '../transport/session';
import { sweep, type Found } from './sweep';
import { ultimoTime } from '../fields/times';

export type Reservation = Found<IDataObject>;

/**
 * The reservations of a space in a window, each once, in order of start.
 * @param from milliseconds since 1970, in whole seconds
 * @param enough whether those that are first in order will do
 * @throws NodeApiError, or NodeOperationError when Ultimo's answers can't be a whole list
 */
export async function listReservations(
	this: Caller,
	session: Session,
	SpaceId: string,
	[from, till]: [number, number],
	itemIndex: number,
	enough?: (sorted: Reservation[]) => boolean,
): Promise<Reservation[]> {
	const refuse = (message: string, description: string) => {
		const error = new NodeOperationError(this.getNode(), message, { description, itemIndex });
		Object.assign(error.context, { outcome: 'refused' });
		return error;
	};
	const get = async (begin: number, end: number) => {
		const body = { SpaceId, From: ultimoTime(begin), Till: ultimoTime(end) };
		const action = 'REST_GetReservationsForSpace';
		const ask = { action, body, repeatable: true } as const;
		const collection = readCollection(await askUltimo.call(this, session, ask, itemIndex));
		if (collection) return collection.map((item) => reservationOf(item, this.getTimezone()));
		throw refuse(
			"Ultimo's answer holds no list of reservations",
			'Check that REST_GetReservationsForSpace is what answers at this address, and not a workflow of your own that gives something else.',
		);
	};
	const found = await sweep(get, from, till, enough);
	if (!('dense' in found)) return found;
	const [begin, end] = found.dense.map(ultimoTime);
	throw refuse(
		`Space ${SpaceId} has more reservations from ${begin} to ${end} than Ultimo gives`,
		'Ultimo gives at most 100 at a time, so the list would have gaps. Choose a time that leaves this moment out.',
	);
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
