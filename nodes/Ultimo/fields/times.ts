import { DateTime } from 'luxon';

import { DAY_MS } from '../transport/limits';
import { isEmpty, Mistake, shown, visible } from './parameter';

const EARLIEST = Date.UTC(1900, 0);
const LATEST = Date.UTC(2200, 0);

const DATE = String.raw`(\d{4}-\d\d-\d\d)`;
const TIME = String.raw`(\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?`;
const OFFSET = String.raw`(z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)`;
const WRITTEN = new RegExp(`^${DATE}(?:(?:t| +)${TIME} *${OFFSET}?)?$`, 'i');

/** What a date without a time of day means. */
export type DateOnly = 'refused' | 'startOfDay' | 'endOfDay';

/** As Ultimo's pages write a time in UTC: `yyyy-MM-ddTHH:mm:ssZ`. */
export function ultimoTime(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/**
 * As items and messages give a time: what the clocks of the workflow show and how far they are from
 * UTC, in whole seconds, as Ultimo's own lists do: `2026-11-22T10:00:00+01:00`.
 */
export function zonedTime(ms: number, zone: string): string {
	return DateTime.fromMillis(ms, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}

/**
 * The moment that a builder meant, in milliseconds since 1970 and whole seconds. Takes ISO texts
 * with an offset or `Z`, ISO texts without (read in `zone`, as n8n's date picker writes them),
 * luxon's DateTime and JavaScript's Date.
 *
 * Fractions of a second are cut off: Ultimo has none, and so no end ever becomes later.
 *
 * @throws Mistake that shows the value
 */
export function readTime(value: unknown, zone: string, dateOnly: DateOnly): number {
	const ms = Math.floor(momentOf(value, zone, dateOnly) / 1000) * 1000;
	if (ms >= EARLIEST && ms < LATEST) return ms;
	throw new Mistake(
		`${shown(value)} lies outside the years 1900 to 2199`,
		'Check the year, and whether an expression counts seconds where milliseconds are meant.',
	);
}

function momentOf(value: unknown, zone: string, dateOnly: DateOnly): number {
	if (isEmpty(value)) {
		throw new Mistake(
			'the time is empty',
			`${howToWrite(zone)} Check that the expression gives one.`,
		);
	}
	if (Number.isFinite(value) || (typeof value === 'string' && /^-?\d{9,}$/.test(value.trim()))) {
		const number = shown(value);
		throw new Mistake(
			`${number} is a number, which could count seconds or milliseconds`,
			`Say which: {{ DateTime.fromSeconds(${number}) }} or {{ DateTime.fromMillis(${number}) }}.`,
		);
	}
	const moment = typeof value === 'string' ? undefined : ownMoment(value);
	if (moment !== undefined && !Number.isNaN(moment)) return moment;
	const written = typeof value === 'string' ? WRITTEN.exec(value.trim()) : null;
	if (!written) {
		const why = (value as DateTime).invalidExplanation;
		throw new Mistake(
			moment === undefined
				? `"${visible(value)}" is no time`
				: `the date is invalid${why ? `: ${shown(why)}` : ''}`,
			`${howToWrite(zone)} Another form can be read with {{ DateTime.fromFormat(text, "dd-MM-yyyy HH:mm") }}.`,
		);
	}

	const [, date, time, offset] = written;
	if (!time && dateOnly === 'refused') {
		throw new Mistake(`${date} has no time of day`, `Add it: ${date}T10:00:00.`);
	}
	const wall = wallClock(`${date}T${time ?? '00:00'}`, dateOnly === 'endOfDay' && !time);
	if (offset) return wall - minutesOf(offset) * 60_000;
	const { moment: meant, skipped } = inZone(wall, zone);
	if (!skipped || !time) return meant;
	throw new Mistake(
		`${date}T${time} does not exist in ${zone}: the clocks are put forward over it`,
		`Write ${DateTime.fromMillis(meant, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss")}, or add the zone that you mean, as in ${date}T${time}Z.`,
	);
}

/**
 * The moment of an object that has one, NaN when it is invalid. Known by what it can do, since
 * n8n's expressions and nodes may hold other copies of luxon and of Date.
 */
function ownMoment(value: unknown): number | undefined {
	if (Object.prototype.toString.call(value) === '[object Date]') return (value as Date).getTime();
	const { isLuxonDateTime, toMillis } = value as Partial<DateTime> & { isLuxonDateTime?: boolean };
	return isLuxonDateTime && typeof toMillis === 'function'
		? (value as DateTime).toMillis()
		: undefined;
}

/** What the clock on the wall shows, as if it hung in UTC. */
function wallClock(text: string, nextDay: boolean): number {
	const wall = DateTime.fromISO(text, { zone: 'utc' });
	if (wall.isValid) return wall.plus({ days: nextDay ? 1 : 0 }).toMillis();
	throw new Mistake(`${text} does not exist`, 'Check the month, the day and the time of day.');
}

/**
 * When the clocks of a zone show a time. Where they do so twice, in the hour that is repeated in
 * autumn, the first time is meant, as in calendars; an offset says otherwise. Where they never do,
 * in the hour skipped in spring, `moment` is as much later as the clocks are put forward.
 */
export function inZone(wall: number, zone: string): { moment: number; skipped: boolean } {
	const offsetAt = (ms: number) => DateTime.fromMillis(ms, { zone }).offset * 60_000;
	// A day to either side lies beyond every offset there is.
	const [before, after] = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)];
	const fits = [wall - before, wall - after].filter((ms) => ms + offsetAt(ms) === wall);
	return fits.length > 0
		? { moment: Math.min(...fits), skipped: false }
		: { moment: wall - before, skipped: true };
}

function minutesOf(offset: string): number {
	if (/z/i.test(offset)) return 0;
	const [hours, minutes] = [offset.slice(1, 3), offset.slice(3).replace(':', '')].map(Number);
	return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function howToWrite(zone: string): string {
	return `Write a time like 2026-11-22T10:00:00 (read in the workflow's time zone, ${zone}), 2026-11-22T10:00:00+01:00 or 2026-11-22T09:00:00Z.`;
}
