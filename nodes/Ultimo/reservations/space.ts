import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { shown } from '../fields/parameter';
import type { Ultimo } from '../transport/request';
import { listReservations, startOrEnd, type Reservation } from './list';

/** Ultimo may list only what lies within a window, so it is wider than most reservations last. */
const AROUND_MS = 24 * 3_600_000;
const TOLD = 3;
/** What is under way in Ultimo when its answer gets lost has this long to be done before a look. */
export const WAIT_MS = 2_000;
/** How far ahead people reserve at most. */
export const DAYS_AHEAD = 400;

/**
 * The reservations that hold the space at the time that a Create asks for, preparation and cleanup
 * counted; also those of which Ultimo does not say when they are.
 * @throws NodeApiError
 */
export async function look(
	ultimo: Ultimo,
	{ SpaceId, StartTime, EndTime }: IDataObject,
): Promise<Reservation[]> {
	const { zone } = ultimo;
	const [start, end] = [StartTime, EndTime].map((time) => startOrEnd(time, zone));
	const window: [number, number] = [start - AROUND_MS, end + AROUND_MS];
	const around = await listReservations(ultimo, SpaceId as string, window);
	return around.filter(({ item, ...own }) => {
		const preparation = startOrEnd(item.StartTimeIncludingPreparationTime, zone) || own.start;
		const cleanup = startOrEnd(item.EndTimeIncludingCleanupTime, zone) || own.end;
		const isBefore = Math.max(cleanup, own.end) <= start;
		return !isBefore && !(Math.min(preparation, own.start) >= end);
	});
}

/** Whether their times overlap. */
export function meets({ start, end }: Reservation, { StartTime, EndTime }: IDataObject): boolean {
	return start < Date.parse(EndTime as string) && end > Date.parse(StartTime as string);
}

/**
 * What a reservation and the Create that made it have in common: the space must be known to be the
 * same. Ultimo may keep other blanks, line breaks and case of ids.
 */
function looks(start: number, end: number, { ApplicantId, Description }: IDataObject): string {
	const words = (text: unknown) =>
		String(text ?? '')
			.replace(/\s+/g, ' ')
			.trim();
	return JSON.stringify([start, end, words(ApplicantId).toLowerCase(), words(Description)]);
}

/** Equal for Creates whose reservations nobody can tell from each other in Ultimo's list. */
export function likeness(body: IDataObject): string {
	return `${String(body.SpaceId)} ${asked(body)}`;
}

/** Whether a reservation of the space looks like what a Create asks for. */
export function isSame({ item, start, end }: Reservation, body: IDataObject): boolean {
	return looks(start, end, item) === asked(body);
}

function asked(body: IDataObject): string {
	const [start, end] = [body.StartTime, body.EndTime].map((time) => Date.parse(time as string));
	return looks(start, end, body);
}

/** In words, with times as the clocks of the workflow show them. */
export function tell(seen: Reservation[], zone: string): string {
	const time = (ms: number, format: string) =>
		Number.isNaN(ms) ? 'an unknown time' : DateTime.fromMillis(ms, { zone }).toFormat(format);
	const told = seen.slice(0, TOLD).map(({ id, start, end, item }) => {
		const from = time(start, 'yyyy-MM-dd HH:mm');
		const sameDay = time(start, 'yyyy-MM-dd') === time(end, 'yyyy-MM-dd');
		const till = time(end, sameDay ? 'HH:mm' : 'yyyy-MM-dd HH:mm');
		const who = shown(item.ApplicantName || item.ApplicantId);
		const status = shown(item.Status ?? 'unknown');
		return `"${shown(item.Description ?? '')}" of ${who} from ${from} to ${till} (${zone}, UltimoId ${shown(id)}, status ${status})`;
	});
	const more = seen.length - told.length;
	return `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
