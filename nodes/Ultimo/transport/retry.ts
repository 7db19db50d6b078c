import type { Failure } from './failure';
import { WINDOW_MS } from './limits';

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

/**
 * How long everything waits after a refusal for the quota, in milliseconds. Never less than Ultimo
 * asks for; it documents no `Retry-After`, and after one window its short quota is free again.
 *
 * Who had a part of the last window waits a little longer than who had none, and a probe that was
 * refused is repeated sooner: else processes whose windows are out of step could miss each other's
 * gaps for ever.
 */
export function pauseAfterRefusal(
	retryAfterMs: number | undefined,
	{ probe, acceptedLately }: { probe: boolean; acceptedLately: number },
	random: number,
): number {
	// "At once" and a moment that is past, by clocks that differ, must not become a flood.
	if (retryAfterMs !== undefined) return Math.max(2_000, retryAfterMs) * (1 + random / 20);
	if (probe) return 1_000 * (1 + random);
	return WINDOW_MS * (acceptedLately > 0 ? 1.03 : 1) + WINDOW_MS * (random / 50);
}
