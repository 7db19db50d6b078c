import { DateTime } from 'luxon';
import type { UltimoOptions } from './options.mts';

const inZone = (ms: number, zone: string) => DateTime.fromMillis(ms, { zone });

/** '2021-04-20T08:00:00.000+12:00'. Much faster than a format of one's own. */
function iso(ms: number, zone: string): string {
	const text = inZone(ms, zone).toISO();
	if (!text) throw new Error(`There is no zone "${zone}".`);
	return text;
}

/** 'yyyy-MM-ddTHH:mm:ss' as the clocks on the environment's walls show it. */
export const wallTime = (ms: number, zone: string) => iso(ms, zone).slice(0, 19);

/** As Get prints it: '2021-04-20T08:00:00.000000+12:00'. */
export const printed = (ms: number, zone: string) =>
	iso(ms, zone).replace('.000', '.000000').replace('Z', '+00:00');

/** This hour, as 9.5 for half past nine, so many days after the day of `now`; in ms. */
export const onTheDay = (now: number, days: number, hour: number, zone: string) =>
	inZone(now, zone)
		.startOf('day')
		.plus({ days })
		.set({ hour: Math.floor(hour), minute: (hour % 1) * 60 })
		.toMillis();

/** One of the two documented forms in ms, or NaN. */
export function parseMoment(
	text: string,
	{ zone, timeWithoutZ }: Pick<UltimoOptions, 'zone' | 'timeWithoutZ'>,
): number {
	const accepted = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)|T(\d\d:\d\d:\d\d)Z)$/.exec(text);
	if (!accepted) return NaN;
	const [, day, local, utc] = accepted;
	if (local && timeWithoutZ === 'refused') return NaN;
	const wall = `${day}T${local ?? utc}`;
	const meant = local && timeWithoutZ === 'environment' ? zone : 'utc';
	const ms = DateTime.fromISO(wall, { zone: meant }).toMillis();
	// Luxon moves a time that summer time skips, and 24:00:00 to the next day.
	return !Number.isNaN(ms) && wallTime(ms, meant) === wall ? ms : NaN;
}
