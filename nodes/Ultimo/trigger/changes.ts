import type { Found } from '../reservations/sweep';
import { digest, type Known, type Picture } from './picture';
import { lies } from './window';

/** In the order in which a reservation meets them. */
export const MOMENTS = ['startingSoon', 'started', 'ended'] as const;
export type EventName = 'created' | 'updated' | 'cancelled' | (typeof MOMENTS)[number];

/** What Ultimo lists of a reservation, as a picture keeps it. */
export type Details = Pick<
	Known,
	'space' | 'start' | 'end' | 'description' | 'applicant' | 'applicantName' | 'status'
>;

/** A reservation in a list; without a time that can be read it is only known to be there. */
export type Seen = Found<Details>;

/** The whole list of a space, `refused` if Ultimo said no to it, or `failed` if nobody knows. */
export type Look = { from: number; till: number; found: Seen[] } | 'refused' | 'failed';

export interface Change {
	event: EventName;
	/** The same if the same event is told twice, because n8n was ended before it kept the picture. */
	key: string;
	id: string;
	/** As it is now, or as it was last seen. */
	now: Details;
	/** As it was before, for `updated`. */
	before?: Details;
	/** Milliseconds since the moment that is told. */
	lateMs?: number;
}

export interface Comparison {
	/** Milliseconds since 1970. */
	now: number;
	lookAheadMs: number;
	/** How long before its start a reservation starts soon. */
	soonMs: number;
	isCancelled(status: string): boolean;
}

/**
 * Tells what happened between two pictures, and what the next poll has to know.
 *
 * - What is seen for the first time was made since, if the last list of its space would have held
 *   it; else only the window has moved over it, or the space is new.
 * - What is missing was cancelled if two complete pictures lack it that, whatever Ultimo takes for
 *   "in" a window, had to hold it; unless a space that failed may have it now.
 * - The moments come from the clock, but only while the list says that the reservation stands.
 *
 * @param looks by space, all that are watched
 */
export function compare(
	last: Picture,
	looks: Map<string, Look>,
	comparison: Comparison,
): { changes: Change[]; picture: Picture } {
	const { now, lookAheadMs, isCancelled } = comparison;
	const known = new Map<string, Known>();
	const windows = new Map<string, [number, number]>();
	const changes: Change[] = [];
	const tell = (event: EventName, id: string, one: Known, more: Partial<Change> = {}) => {
		const starts = Math.min(one.start, last.known.get(id)?.start ?? Infinity);
		if (starts >= now + lookAheadMs) return;
		changes.push({ event, id, key: keyOf(event, id, one), now: { ...one }, ...more });
	};

	const { sighted, unreadable } = gather(last, looks);
	for (const [id, details] of sighted) {
		const before = last.known.get(id);
		const look = looks.get(details.space) as Exclude<Look, string>;
		if (!before && (details.start >= look.till || details.end <= look.from)) continue;
		const gone = isCancelled(details.status);
		const one: Known = { told: 0, round: 0, ...before, ...details, missing: 0, gone };
		known.set(id, one);

		if (!before || (before.gone && !gone)) {
			const window = last.windows.get(details.space);
			const isNew = before !== undefined || (window !== undefined && lies(details, window));
			one.told = moments(one, comparison).filter((moment) => moment <= now).length;
			if (isNew && !gone) {
				tell('created', id, one);
				// What began before it was seen was never about to begin.
				one.told = one.start <= now ? 1 : 0;
			}
		} else if (gone) {
			if (!before.gone) {
				one.round++;
				tell('cancelled', id, one);
			}
		} else if (FIELDS.some((field) => before[field] !== details[field])) {
			one.round++;
			one.told = toldAfter(before, one, now);
			tell('updated', id, one, { before });
		}
		if (!gone) pass(id, one);
	}

	for (const [id, before] of last.known) {
		const look = looks.get(before.space);
		if (known.has(id) || look === undefined) continue;
		const one = { ...before };
		if (typeof look !== 'string') {
			if (one.end <= look.from) continue;
			if (!one.gone && !unreadable.has(id) && lies(one, [look.from, look.till])) miss(id, one);
		}
		known.set(id, one);
	}

	for (const [space, look] of looks) {
		const window = typeof look === 'string' ? last.windows.get(space) : [look.from, look.till];
		if (window) windows.set(space, window as [number, number]);
	}
	return { changes, picture: { ...last, windows, known } };

	function pass(id: string, one: Known): void {
		const all = moments(one, comparison);
		for (; one.told < all.length && all[one.told] <= now; one.told++) {
			tell(MOMENTS[one.told], id, one, { lateMs: now - all[one.told] });
		}
	}

	function miss(id: string, one: Known): void {
		if (hides(looks)) return;
		if (one.missing === 0) {
			// In the past nothing is cancelled; Ultimo may have ceased to list it.
			one.missing = one.end > now ? 1 : 0;
		} else {
			one.gone = true;
			one.round++;
			tell('cancelled', id, one);
		}
	}
}

/** The spaces, listed well, of which something would be told as cancelled, unless it turns up elsewhere. */
export function suspects(last: Picture, looks: Map<string, Look>): Set<string> {
	if (hides(looks)) return new Set();
	const { sighted, unreadable } = gather(last, looks);
	const lacked = [...last.known].filter(([id, { missing, gone }]) => {
		return missing > 0 && !gone && !sighted.has(id) && !unreadable.has(id);
	});
	const spaces = lacked.map(([, { space }]) => space);
	return new Set(spaces.filter((space) => typeof looks.get(space) === 'object'));
}

/** Whether what is missing may be in a space that could not be listed. */
function hides(looks: Map<string, Look>): boolean {
	return [...looks.values()].includes('failed');
}

/** What counts as a change. The name belongs to the applicant, not to the reservation. */
export const FIELDS = ['space', 'start', 'end', 'description', 'applicant', 'status'] as const;

/** Each reservation once: in its old space, if it is still there, since a list may be older than the next. */
function gather(last: Picture, looks: Map<string, Look>) {
	const sighted = new Map<string, Details>();
	const unreadable = new Set<string>();
	for (const look of looks.values()) {
		if (typeof look === 'string') continue;
		for (const { id, start, end, item } of look.found) {
			const home = last.known.get(id)?.space;
			const other = sighted.get(id)?.space;
			if (Number.isNaN(start) || Number.isNaN(end)) unreadable.add(id);
			else if (other === undefined || (other !== home && item.space === home)) {
				sighted.set(id, item);
			}
		}
	}
	return { sighted, unreadable };
}

const moments = ({ start, end }: Details, { soonMs }: Comparison) => [start - soonMs, start, end];

/** Which moments stay told when the times change: none that is ahead again. */
function toldAfter(before: Known, { start, end }: Details, now: number): number {
	const { told } = before;
	if (start === before.start) return end > now ? Math.min(told, 2) : told;
	// What was moved into the past was never about to begin.
	return start > now ? 0 : Math.min(Math.max(told, 1), end > now ? 2 : 3);
}

/** The same whenever the same event is told. */
export function keyOf(event: EventName, id: string, one: Details & Pick<Known, 'round'>): string {
	const which = {
		created: () => one.round,
		updated: () => `${one.round}:${digest(FIELDS.map((field) => one[field]).join('\n'))}`,
		cancelled: () => one.round,
		startingSoon: () => iso(one.start),
		started: () => iso(one.start),
		ended: () => iso(one.end),
	};
	return `${id}:${event}:${which[event]()}`;
}

function iso(ms: number): string {
	return new Date(ms).toISOString().slice(0, 19);
}
