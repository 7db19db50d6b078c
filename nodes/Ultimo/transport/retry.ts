import type { Failure } from './failure';

/** Repeats of one request after faults; waiting for the quota does not count. */
const REPEATS = 3;
const FIRST_WAIT_MS = 1_000;
/**
 * How long to wait before a failed request is sent again, in milliseconds, or `undefined` when it
 * must not be: Ultimo explained the failure, enough was tried, or a repeat could do it twice.
 *
 * @param repeats how often the request was repeated for faults before
 * @param repeatable whether the request done twice has the effect of once
 * @param random a number from 0 to 1
 * @param most how often a request may be repeated
 */
export function waitBeforeRepeat(
	failure: Failure,
	repeats: number,
	repeatable: boolean,
	random: number,
	most = REPEATS,
): number | undefined {
	const certainlyNotDone = failure.outcome === 'notSent';
	if (failure.permanent || failure.outcome === 'refused') return undefined;
	if (!certainlyNotDone && !repeatable) return undefined;
	return repeats < most ? FIRST_WAIT_MS * 2 ** repeats * (1 + random / 2) : undefined;
}
