/**
 * Ultimo's limits (developer.ultimo.net, "API limits"): they hold for all API keys of a customer
 * together and can't be increased.
 */
export const WINDOW_MS = 10_000;
export const REQUESTS_PER_WINDOW = 100;
export const REQUESTS_PER_DAY = 10_000;
export const DAY_MS = 86_400_000;

/** The most reservations that Ultimo gives at a time; as many as this may be not all. */
export const RESERVATIONS_PER_ANSWER = 100;

/**
 * Our own: how many requests a run sends before the first is answered, if its builder enters nothing.
 * Enough for Ultimo's quota where an answer takes two seconds.
 */
export const REQUESTS_AT_ONCE = 25;

/** As messages tell them. */
export const QUOTA = `${REQUESTS_PER_WINDOW} requests in ${WINDOW_MS / 1000} seconds and ${grouped(REQUESTS_PER_DAY)} a day for the whole company`;

/** A number as people write it: 10,000. Not by toLocaleString, which takes half of the time the package loads in. */
export function grouped(number: number): string {
	return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}
