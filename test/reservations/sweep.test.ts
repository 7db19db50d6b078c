import fc from 'fast-check';

import { sweep } from '../../nodes/Ultimo/reservations/sweep';
import { HOUR, listingUltimo, type Booking, type Meaning, type Order } from '../support/listing';

const MEANINGS: Meaning[] = ['overlap', 'containment', 'startWithin', 'endWithin'];
const ORDERS: Order[] = ['byStart', 'byStartDown', 'byId', 'random'];
const FROM = Date.UTC(2026, 10, 1);
const EVERY = MEANINGS.flatMap((meaning) => ORDERS.map((order) => [meaning, order] as const));

const idOf = (number: number) => String(number).padStart(11, '0');
const booking = (id: number, start: number, minutes: number): Booking => ({
	id: idOf(id),
	start,
	end: start + minutes * 60_000,
	item: null,
});
const expected = (some: Booking[]) =>
	some
		.sort((one, other) => one.start - other.start || (one.id < other.id ? -1 : 1))
		.map(({ id }) => id);

async function run(
	bookings: Booking[],
	[meaning, order]: readonly [Meaning, Order],
	[from, till]: [number, number],
	seed?: number,
) {
	const ultimo = listingUltimo(bookings, meaning, order, seed);
	const found = await sweep(ultimo.get, from, till);
	const ids = 'found' in found ? found.found.map(({ id }) => id) : found;
	return { ids, whole: expected(ultimo.all(from, till)), requests: ultimo.requests };
}

/** One after the other, each so many minutes after the one before and so many long. */
function inARow(some: Array<[gap: number, minutes: number]>): Booking[] {
	let clock = FROM;
	return some.map(([gap, minutes], index) => {
		const one = booking(index, clock + gap * 60_000, minutes);
		clock = one.end;
		return one;
	});
}

/** Weekdays from 8 to 18 o'clock, meetings of 30 to 120 minutes, some hours free. */
function officeHours(count: number): Booking[] {
	const bookings: Booking[] = [];
	for (let day = 0; bookings.length < count; day++) {
		if (new Date(FROM + day * 24 * HOUR).getUTCDay() % 6 === 0) continue;
		for (let minute = 8 * 60; minute < 18 * 60 && bookings.length < count;) {
			const length = 30 * (1 + ((day * 7 + minute) % 4));
			if ((day + minute / 30) % 3 !== 0) {
				bookings.push(
					booking(
						(bookings.length * 7919) % 100_003,
						FROM + day * 24 * HOUR + minute * 60_000,
						length,
					),
				);
			}
			minute += length;
		}
	}
	return bookings;
}

describe('how many requests 1,000 reservations of a space take', () => {
	const endToEnd = Array.from({ length: 1000 }, (_, index) =>
		booking((index * 7919) % 100_003, FROM + index * HOUR, 60),
	);
	const MOST_REQUESTS: Record<Meaning, Record<Order, number>> = {
		overlap: { byStart: 16, byStartDown: 24, byId: 24, random: 24 },
		startWithin: { byStart: 22, byStartDown: 30, byId: 30, random: 30 },
		endWithin: { byStart: 22, byStartDown: 30, byId: 30, random: 30 },
		containment: { byStart: 22, byStartDown: 30, byId: 30, random: 30 },
	};

	test.each(EVERY)('%s, %s', async (meaning, order) => {
		for (const bookings of [endToEnd, officeHours(1000)]) {
			const last = Math.max(...bookings.map(({ end }) => end));
			const { ids, whole, requests } = await run(bookings, [meaning, order], [FROM, last]);
			expect(ids).toEqual(whole);
			expect(ids).toHaveLength(1000);
			expect(requests).toBeLessThanOrEqual(MOST_REQUESTS[meaning][order]);
		}
	});
});

test('a window with fewer than 100 is one request', async () => {
	const few = officeHours(99);
	const { ids, requests } = await run(few, ['overlap', 'random'], [FROM, FROM + 2000 * HOUR]);
	expect(ids).toHaveLength(99);
	expect(requests).toBe(1);
});

describe('any set of reservations', () => {
	const moment = (most: number) => fc.integer({ min: 0, max: most });

	test.each(['overlap', 'startWithin', 'endWithin'] as const)(
		'%s: complete, once, in order, or refused where a second holds 100',
		async (meaning) => {
			await fc.assert(
				fc.asyncProperty(
					fc.array(
						fc.tuple(moment(600_000), fc.oneof(moment(3), moment(20_000), moment(900_000))),
						{
							maxLength: 700,
							size: 'max',
						},
					),
					fc.constantFrom(...ORDERS),
					moment(2 ** 30),
					fc.tuple(moment(300_000), fc.integer({ min: 1, max: 600_000 })),
					async (some, order, seed, [begin, length]) => {
						const bookings = some.map(([at, seconds], index) => ({
							...booking(index, FROM + at * 1000, 0),
							end: FROM + (at + Math.max(1, seconds)) * 1000,
						}));
						const window: [number, number] = [FROM + begin * 1000, FROM + (begin + length) * 1000];
						const { ids, whole } = await run(bookings, [meaning, order], window, seed + 1);
						if ('dense' in ids) {
							const [from, till] = ids.dense;
							const crowd = bookings.filter((one) => one.start <= till && one.end >= from - 1000);
							expect(crowd.length).toBeGreaterThanOrEqual(100);
							expect(till - from).toBeLessThanOrEqual(1000);
						} else {
							expect(ids).toEqual(whole);
						}
					},
				),
				{ numRuns: 50, endOnFailure: true },
			);
		},
	);

	test.each(EVERY)('%s, %s: a space that is not reserved twice', async (meaning, order) => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.oneof(moment(5), moment(5000)), fc.oneof(moment(90), moment(9000))), {
					minLength: 90,
					maxLength: 900,
					size: 'max',
				}),
				moment(2 ** 30),
				async (some, seed) => {
					const bookings = inARow(some.map(([gap, minutes]) => [gap, 1 + minutes]));
					const window: [number, number] = [FROM, bookings.at(-1)!.end];
					const { ids, whole } = await run(bookings, [meaning, order], window, seed + 1);
					expect(ids).toEqual(whole);
				},
			),
			{ numRuns: 40, endOnFailure: true },
		);
	});

	test.each(EVERY)('%s, %s: cancelled ones over up to 24 others', async (meaning, order) => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(moment(300), fc.boolean()), {
					minLength: 120,
					maxLength: 600,
					size: 'max',
				}),
				moment(2 ** 30),
				async (some, seed) => {
					const held = inARow(some.map(([gap]) => [gap, 30]));
					// Every 25th may be overlain by one that lasts from it to the 23rd after it.
					const cancelled = held
						.filter((_, index) => index % 25 === 0 && index + 23 < held.length && some[index][1])
						.map((one, index) => ({
							...one,
							id: idOf(10_000 + index),
							end: held[held.indexOf(one) + 23].end,
						}));
					const window: [number, number] = [FROM, held.at(-1)!.end];
					const all = [...held, ...cancelled];
					const { ids, whole } = await run(all, [meaning, order], window, seed + 1);
					expect(ids).toEqual(whole);
				},
			),
			{ numRuns: 40, endOnFailure: true },
		);
	});
});

describe('enough', () => {
	test('stops as soon as the first of all are sure', async () => {
		for (const [meaning, order] of EVERY) {
			const bookings = officeHours(1000);
			const ultimo = listingUltimo(bookings, meaning, order);
			const last = Math.max(...bookings.map(({ end }) => end));
			const swept = await sweep(ultimo.get, FROM, last, (first) => first.length >= 50);
			if (!('found' in swept)) throw new Error('not found');
			const { found } = swept;
			const whole = expected(ultimo.all(FROM, last));
			expect(found.map(({ id }) => id)).toEqual(whole.slice(0, found.length));
			expect(found.length).toBeGreaterThanOrEqual(50);
			expect(ultimo.requests).toBeLessThanOrEqual(order === 'byStart' ? 2 : 12);
		}
	});
});

describe('100 at one moment', () => {
	const crowd = Array.from({ length: 100 }, (_, index) => booking(index, FROM + 5 * HOUR, 60));

	test.each(EVERY)('%s, %s: says when', async (meaning, order) => {
		const { ids } = await run(crowd, [meaning, order], [FROM, FROM + 10 * HOUR]);
		if (!('dense' in ids)) throw new Error('complete by chance');
		const [from, till] = ids.dense;
		expect(till - from).toBe(1000);
		expect(from).toBeGreaterThanOrEqual(FROM + 5 * HOUR - 1000);
		expect(till).toBeLessThanOrEqual(FROM + 6 * HOUR + 1000);
	});
});

test.each([
	['the same', 0],
	['others', 1],
])('an Ultimo that gives %s each time for ever is left', async (_, isNew) => {
	let requests = 0;
	const get = async () => {
		const length = requests++ === 0 ? 100 : 99;
		return Array.from({ length }, (_, id) => booking(id + isNew * 1000 * requests, FROM, 0));
	};
	const found = await sweep(get, FROM, FROM + 1000 * HOUR);
	expect(found).toMatchObject({ requests: isNew ? 1000 : 203 });
	expect(requests).toBe(isNew ? 1000 : 203);
});

test('times that can not be read still end', async () => {
	const unreadable = Array.from({ length: 100 }, (_, id) => ({ ...booking(id, NaN, 0), end: NaN }));
	let requests = 0;
	const get = async () => (requests++, unreadable);
	expect(await sweep(get, FROM, FROM + 1000 * HOUR)).toEqual({ dense: [FROM, FROM + 1000] });
	expect(requests).toBeLessThan(30);
});
