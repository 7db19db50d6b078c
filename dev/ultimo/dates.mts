import type { UltimoOptions } from './options.mts';

const accepted = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d|T\d\d:\d\d:\d\dZ)$/;

/** '+02:00' in ms. */
export function offsetMs(utcOffset: string): number {
	const parts = /^([+-])(\d\d):(\d\d)$/.exec(utcOffset);
	if (!parts) throw new Error(`utcOffset is not like "+02:00": ${utcOffset}`);
	return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) * 60_000;
}

/** 'yyyy-MM-ddTHH:mm:ss' as the clocks on the environment's walls show it. */
export const wallTime = (ms: number, utcOffset: string) =>
	new Date(ms + offsetMs(utcOffset)).toISOString().slice(0, 19);

/** As Get prints it: '2021-04-20T08:00:00.000000+12:00'. */
export const printed = (ms: number, utcOffset: string) =>
	`${wallTime(ms, utcOffset)}.000000${utcOffset}`;

/** One of the two documented forms in ms, or NaN. */
export function parseMoment(
	text: string,
	{ utcOffset, timeWithoutZ }: Pick<UltimoOptions, 'utcOffset' | 'timeWithoutZ'>,
): number {
	const isUtc = text.endsWith('Z');
	if (!accepted.test(text) || (!isUtc && timeWithoutZ === 'refused')) return NaN;
	const zone = isUtc || timeWithoutZ === 'utc' ? '+00:00' : utcOffset;
	const wall = text.slice(0, 19).replace(' ', 'T');
	const ms = Date.parse(wall + zone);
	// Date.parse turns February 30th into March 2nd.
	return !Number.isNaN(ms) && wallTime(ms, zone) === wall ? ms : NaN;
}
