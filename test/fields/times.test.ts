import fc from 'fast-check';
import { DateTime } from 'luxon';

import { readTime, ultimoTime, zonedTime, type DateOnly } from '../../nodes/Ultimo/fields/times';

const read = (value: unknown, zone = 'Europe/Amsterdam', dateOnly: DateOnly = 'refused') =>
	ultimoTime(readTime(value, zone, dateOnly));

describe('forms', () => {
	test.each<[unknown, string]>([
		['2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z'],
		['2026-11-22t10:00:00z', '2026-11-22T10:00:00Z'],
		['2026-11-22T10:00:00+01:00', '2026-11-22T09:00:00Z'],
		['2026-11-22T10:00:00+0530', '2026-11-22T04:30:00Z'],
		['2026-11-22T10:00:00-08', '2026-11-22T18:00:00Z'],
		['2026-11-22 10:00:00 +01:00', '2026-11-22T09:00:00Z'],
		['2026-11-22T00:30:00+14:00', '2026-11-21T10:30:00Z'],
		['2026-11-22T10:00:00', '2026-11-22T09:00:00Z'],
		['2026-07-22T10:00:00', '2026-07-22T08:00:00Z'],
		['2026-11-22 10:00:00', '2026-11-22T09:00:00Z'],
		['2026-11-22T10:00', '2026-11-22T09:00:00Z'],
		[' 2026-11-22T10:00:00\n', '2026-11-22T09:00:00Z'],
		['2026-11-22T24:00:00', '2026-11-22T23:00:00Z'],
		['2021-04-20T08:00:00.000000+12:00', '2021-04-19T20:00:00Z'],
		['2026-11-22T10:00:00.999Z', '2026-11-22T10:00:00Z'],
		['2026-11-22T10:00:00,5Z', '2026-11-22T10:00:00Z'],
		['2028-02-29T10:00:00Z', '2028-02-29T10:00:00Z'],
		['1900-01-01T00:00:00Z', '1900-01-01T00:00:00Z'],
		['2199-12-31T23:59:59Z', '2199-12-31T23:59:59Z'],
		[new Date('2026-11-22T10:00:00.999Z'), '2026-11-22T10:00:00Z'],
		[DateTime.fromISO('2026-11-22T10:00:00', { zone: 'Asia/Tokyo' }), '2026-11-22T01:00:00Z'],
		// What another copy of luxon looks like from here.
		[{ isLuxonDateTime: true, toMillis: () => Date.UTC(2026, 10, 22) }, '2026-11-22T00:00:00Z'],
	])('%j', (value, sent) => expect(read(value)).toBe(sent));

	test.each<[string, string, DateOnly, string]>([
		['2026-11-22', 'Europe/Amsterdam', 'startOfDay', '2026-11-21T23:00:00Z'],
		['2026-11-22', 'Europe/Amsterdam', 'endOfDay', '2026-11-22T23:00:00Z'],
		['2026-03-29', 'Europe/Amsterdam', 'endOfDay', '2026-03-29T22:00:00Z'],
		['2026-10-25', 'Europe/Amsterdam', 'startOfDay', '2026-10-24T22:00:00Z'],
		['2026-12-31', 'Pacific/Auckland', 'endOfDay', '2026-12-31T11:00:00Z'],
		// The day begins at one o'clock: the clocks are put forward at midnight.
		['2026-04-24', 'Africa/Cairo', 'startOfDay', '2026-04-23T22:00:00Z'],
	])('the date %s in %s as %s', (value, zone, dateOnly, sent) => {
		expect(read(value, zone, dateOnly)).toBe(sent);
	});
});

/** Of 2026, from the tz database: wall time before, its offset and the offset after. */
const CHANGES: Array<[zone: string, change: string, before: string, after: string]> = [
	['Europe/Amsterdam', '2026-03-29T02:00:00', '+01:00', '+02:00'],
	['Europe/Amsterdam', '2026-10-25T03:00:00', '+02:00', '+01:00'],
	['Europe/London', '2026-03-29T01:00:00', '+00:00', '+01:00'],
	['Europe/London', '2026-10-25T02:00:00', '+01:00', '+00:00'],
	['America/New_York', '2026-03-08T02:00:00', '-05:00', '-04:00'],
	['America/New_York', '2026-11-01T02:00:00', '-04:00', '-05:00'],
	['America/St_Johns', '2026-03-08T02:00:00', '-03:30', '-02:30'],
	['America/St_Johns', '2026-11-01T02:00:00', '-02:30', '-03:30'],
	['Australia/Lord_Howe', '2026-04-05T02:00:00', '+11:00', '+10:30'],
	['Australia/Lord_Howe', '2026-10-04T02:00:00', '+10:30', '+11:00'],
	['Pacific/Auckland', '2026-04-05T03:00:00', '+13:00', '+12:00'],
	['Pacific/Auckland', '2026-09-27T02:00:00', '+12:00', '+13:00'],
];

const MINUTE = 60_000;
const minutesOf = (offset: string) => {
	const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(offset)!;
	return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};

describe.each(CHANGES)('%s at %s from %s to %s', (zone, change, before, after) => {
	const at = (minutes: number) =>
		new Date(Date.parse(`${change}Z`) + minutes * MINUTE).toISOString().slice(0, 19);
	const utc = (wall: string, offset: string) =>
		new Date(Date.parse(`${wall}Z`) - minutesOf(offset) * MINUTE).toISOString().slice(0, 19) + 'Z';
	const shift = minutesOf(after) - minutesOf(before);

	test('outside of the change', () => {
		for (const minutes of [-1440, -121, -90, -61]) {
			expect(read(at(minutes), zone)).toBe(utc(at(minutes), before));
		}
		for (const minutes of [60, 61, 90, 1440]) {
			expect(read(at(minutes), zone)).toBe(utc(at(minutes), after));
		}
	});

	test(shift > 0 ? 'skipped times are refused' : 'repeated times are the first', () => {
		if (shift > 0) {
			for (let minutes = 0; minutes < shift; minutes += 10) {
				expect(() => read(at(minutes), zone)).toThrow(`${at(minutes)} does not exist in ${zone}`);
				try {
					read(at(minutes), zone);
				} catch (refusal) {
					expect(refusal).toHaveProperty(
						'advice',
						`Write ${at(minutes + shift)}, or add the zone that you mean, as in ${at(minutes)}Z.`,
					);
				}
			}
			expect(read(at(-1), zone)).toBe(utc(at(-1), before));
			expect(read(at(shift), zone)).toBe(utc(at(shift), after));
		} else {
			for (let minutes = shift; minutes < 0; minutes += 10) {
				expect(read(at(minutes), zone)).toBe(utc(at(minutes), before));
			}
			expect(read(at(shift - 1), zone)).toBe(utc(at(shift - 1), before));
			expect(read(at(0), zone)).toBe(utc(at(0), after));
		}
	});

	test('an offset settles it', () => {
		for (const minutes of [shift, -30, 0, 30]) {
			for (const offset of [before, after]) {
				expect(read(`${at(minutes)}${offset}`, zone)).toBe(utc(at(minutes), offset));
			}
		}
	});
});

describe('a whole year, every 30 minutes where the clocks change', () => {
	const zones = [...new Set(CHANGES.map(([zone]) => zone)), 'Asia/Kolkata', 'UTC'];
	test.each(zones)('%s: what its clocks show is read as the first time they do', (zone) => {
		let latest = -Infinity;
		let step = 0;
		for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += step) {
			const clock = DateTime.fromMillis(ms, { zone });
			const steady = clock.plus({ days: 1 }).offset === clock.minus({ days: 1 }).offset;
			step = (steady ? 450 : 30) * MINUTE;
			const wall = clock.toFormat("yyyy-MM-dd'T'HH:mm:ss");
			const shown = Date.parse(`${wall}Z`);
			// The clocks were put back: this time was shown before.
			const repeated = shown <= latest;
			latest = Math.max(latest, shown);
			const meant = readTime(wall, zone, 'refused');
			if (repeated) expect(meant).toBeLessThan(ms);
			else expect(meant).toBe(ms);
			expect(readTime(clock.toISO(), zone, 'refused')).toBe(ms);
			expect(readTime(clock, 'UTC', 'refused')).toBe(ms);
		}
	});
});

test('any moment, in any form and zone, is the same moment', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: Date.UTC(1901, 0), max: Date.UTC(2199, 0) }),
			fc.constantFrom('Europe/Amsterdam', 'Asia/Kathmandu', 'America/St_Johns', 'UTC'),
			(ms, zone) => {
				const seconds = Math.floor(ms / 1000) * 1000;
				const clock = DateTime.fromMillis(ms, { zone });
				expect(readTime(new Date(ms), zone, 'refused')).toBe(seconds);
				expect(readTime(clock, zone, 'refused')).toBe(seconds);
				expect(readTime(new Date(ms).toISOString(), zone, 'refused')).toBe(seconds);
				expect(read(read(new Date(ms)))).toBe(read(new Date(ms)));
			},
		),
	);
});

test.each([
	{ day: 'winter', utc: '2026-11-22T09:00:00Z', told: '2026-11-22T10:00:00+01:00' },
	{ day: 'summer', utc: '2026-07-22T09:00:00Z', told: '2026-07-22T11:00:00+02:00' },
	{ day: 'the last of summer', utc: '2026-10-25T00:30:00Z', told: '2026-10-25T02:30:00+02:00' },
	{ day: 'the repeated hour', utc: '2026-10-25T01:30:00Z', told: '2026-10-25T02:30:00+01:00' },
	{ day: 'the skipped hour', utc: '2026-03-29T01:00:00Z', told: '2026-03-29T03:00:00+02:00' },
])('a time is told on the clocks of the workflow: $day', ({ utc, told }) => {
	expect(zonedTime(Date.parse(utc), 'Europe/Amsterdam')).toBe(told);
});

test('a time that was told is read as the same, in any zone', () => {
	fc.assert(
		fc.property(
			// Before, zones differ from UTC by seconds, which no text can say.
			fc.integer({ min: Date.UTC(1973, 0), max: Date.UTC(2199, 0) }),
			fc.constantFrom('Europe/Amsterdam', 'Asia/Kathmandu', 'America/St_Johns', 'UTC'),
			fc.constantFrom('Australia/Lord_Howe', 'Africa/Monrovia', 'UTC'),
			(ms, zone, other) => {
				const told = zonedTime(ms, zone);
				expect(told).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
				expect(readTime(told, other, 'refused')).toBe(Math.floor(ms / 1000) * 1000);
			},
		),
	);
});

test('any text is read or refused, never something else', () => {
	fc.assert(
		fc.property(
			fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|\+\d\d)?$/)),
			(text) => {
				try {
					expect(read(text)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
				} catch (refusal) {
					expect(refusal).toHaveProperty('advice');
				}
			},
		),
		{ numRuns: 1000 },
	);
});
