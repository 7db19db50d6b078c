import type { Failure } from './answer';

/** Repeats of one request after faults; waiting for the quota does not count. */
const REPEATS = 3;
const FIRST_WAIT_MS = 1_000;
/** Ultimo documents no `Retry-After`; after one whole window its short quota is free again. */
const QUOTA_WAIT_MS = 10_000;
/** Spreads what several processes do at once, so that they don't meet again at the next try. */
const JITTER = 0.05;

/**
 * How long to wait before a failed request is sent again, in milliseconds, or `undefined` when it
 * must not be: Ultimo explained the failure, enough was tried, or a repeat could do it twice.
 *
 * @param repeats how often the request was repeated for faults before
 * @param repeatable whether the request done twice has the effect of once
 * @param random a number from 0 to 1
 */
export function waitBeforeRepeat(
	failure: Failure,
	repeats: number,
	repeatable: boolean,
	random: number,
): number | undefined {
	const certainlyNotDone = failure.outcome === 'notSent';
	if (failure.permanent || failure.outcome === 'refused') return undefined;
	if (!certainlyNotDone && !repeatable) return undefined;
	return repeats < REPEATS ? FIRST_WAIT_MS * 2 ** repeats * (1 + random / 2) : undefined;
}

/** How long everything waits after a refusal for the quota; never less than the server asks for. */
export function pauseAfterRefusal({ quota }: Failure, random: number): number {
	return (quota?.retryAfterMs ?? QUOTA_WAIT_MS) * (1 + JITTER * random);
}
