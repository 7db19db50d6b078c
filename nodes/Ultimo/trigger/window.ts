import { ALL_TOLD, type Known, type Picture } from './picture';

const HOUR_MS = 3_600_000;
/** How far back a list goes: who was away for longer learns nothing of what began and ended then. */
const BACK_MS = 24 * HOUR_MS;
/** How far back at most it goes for those that are not over yet. */
const FARTHEST_BACK_MS = 31 * 24 * HOUR_MS;
/**
 * How much farther than asked for a list goes. n8n keeps a picture only with an event: after a
 * restart it may be as old as this, and still hold all that came into the time to look at since.
 */
const MARGIN_MS = 25 * HOUR_MS;
/** How far beyond its window a reservation is looked for before it is told as cancelled. */
const BEYOND_MS = 92 * 24 * HOUR_MS;
/** So long a reservation may last and still be found across the border of the two. */
const ACROSS_MS = 7 * 24 * HOUR_MS;

/**
 * The time that a space is asked for. On whole hours, so that the picture stays the same, and need
 * not be saved, while nothing happens.
 */
export function windowOf(
	picture: Picture | undefined,
	space: string,
	{ now, lookAheadMs }: { now: number; lookAheadMs: number },
): [from: number, till: number] {
	const hour = (ms: number) => Math.floor(ms / HOUR_MS) * HOUR_MS;
	const till = hour(now + lookAheadMs) + MARGIN_MS;
	let from = now - BACK_MS;
	for (const one of picture?.known.values() ?? []) {
		const isOver = one.gone || one.told === ALL_TOLD;
		// As far before it, because it may be moved, and a list may hold only what lies within.
		if (one.space === space && !isOver) from = Math.min(from, one.start - BACK_MS);
	}
	return [hour(Math.max(from, now - FARTHEST_BACK_MS)), till];
}

/** Where a reservation may be that was moved out of this window. */
export function beyond(till: number): [from: number, till: number] {
	return [till - ACROSS_MS, till + BEYOND_MS];
}

/** Whether a list of this window must hold it, be it by overlap or by containment. */
export function lies(
	{ start, end }: Pick<Known, 'start' | 'end'>,
	[from, till]: [number, number],
): boolean {
	return start >= from && end <= till;
}
