import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import type { Ultimo } from '../transport/request';
import { listReservations, startOrEnd, type Reservation } from './list';

/** Ultimo may list only what lies within a window, so it is wider than most reservations last. */
const AROUND_MS = 24 * 3_600_000;
const TOLD = 3;

/** The reservations that hold the space at the time that a Create asks for. */
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
		return Math.min(preparation, own.start) < end && Math.max(cleanup, own.end) > start;
	});
}

/** Whether their times overlap. */
export function meets({ start, end }: Reservation, { StartTime, EndTime }: IDataObject): boolean {
	return start < Date.parse(EndTime as string) && end > Date.parse(StartTime as string);
}

/** Whether it is what a Create asks for. Ultimo may keep other blanks, line breaks and case of ids. */
export function isSame({ item, start, end }: Reservation, body: IDataObject): boolean {
	const words = (text: unknown) =>
		String(text ?? '')
			.replace(/\s+/g, ' ')
			.trim();
	return (
		start === Date.parse(body.StartTime as string) &&
		end === Date.parse(body.EndTime as string) &&
		words(item.ApplicantId).toLowerCase() === words(body.ApplicantId).toLowerCase() &&
		words(item.Description) === words(body.Description)
	);
}

/** In words, with times as the clocks of the workflow show them. */
export function tell(seen: Reservation[], zone: string): string {
	const time = (ms: number, format: string) => DateTime.fromMillis(ms, { zone }).toFormat(format);
	const told = seen.slice(0, TOLD).map(({ id, start, end, item }) => {
		const from = time(start, 'yyyy-MM-dd HH:mm');
		const sameDay = time(start, 'yyyy-MM-dd') === time(end, 'yyyy-MM-dd');
		const till = time(end, sameDay ? 'HH:mm' : 'yyyy-MM-dd HH:mm');
		const who = String(item.ApplicantName || item.ApplicantId);
		const status = String(item.Status ?? 'unknown');
		return `"${String(item.Description ?? '')}" of ${who} from ${from} to ${till} (${zone}, UltimoId ${id}, status ${status})`;
	});
	const more = seen.length - told.length;
	return `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
