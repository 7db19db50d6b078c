import type { Found } from '../../nodes/Ultimo/reservations/sweep';

export const HOUR = 3_600_000;

export type Booking = Found<null>;
/** What Ultimo takes for "in" a window; its pages don't say. */
export type Meaning = 'overlap' | 'containment' | 'startWithin' | 'endWithin';
/** In which order it gives what it has, and so which 100 it gives. */
export type Order = 'byStart' | 'byStartDown' | 'byId' | 'random';

/** An Ultimo that only lists, and counts how often it was asked. */
export function listingUltimo(bookings: Booking[], meaning: Meaning, order: Order, seed = 1) {
	const isIn = {
		overlap: (one: Booking, from: number, till: number) => one.start < till && one.end > from,
		containment: (one: Booking, from: number, till: number) => one.start >= from && one.end <= till,
		startWithin: (one: Booking, from: number, till: number) =>
			one.start >= from && one.start < till,
		endWithin: (one: Booking, from: number, till: number) => one.end > from && one.end <= till,
	}[meaning];
	let state = seed;
	const random = () => (state = (state * 48271) % 2147483647);
	const inOrder = (some: Booking[]) => {
		if (order === 'byStart') return some.sort((one, other) => one.start - other.start);
		if (order === 'byStartDown') return some.sort((one, other) => other.start - one.start);
		if (order === 'byId') return some.sort((one, other) => (one.id < other.id ? -1 : 1));
		const keys = new Map(some.map((one) => [one, random()]));
		return some.sort((one, other) => keys.get(one)! - keys.get(other)!);
	};
	const ultimo = {
		requests: 0,
		all: (from: number, till: number) => bookings.filter((one) => isIn(one, from, till)),
		async get(from: number, till: number) {
			if (from >= till || from % 1000 !== 0 || till % 1000 !== 0) throw new Error('no window');
			if (++ultimo.requests > 2000) throw new Error('asked without end');
			return inOrder(ultimo.all(from, till)).slice(0, 100);
		},
	};
	return ultimo;
}
