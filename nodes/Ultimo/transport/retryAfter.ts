import { DAY_MS } from './limits';

/**
 * How long a server asks to stay away (RFC 9110, 10.2.3: seconds, or a date by its own clock), in
 * milliseconds from now. A day is the longest quota of Ultimo's; a longer pause is a mistake, and
 * would close the way for good.
 * @param now milliseconds since 1970
 */
export function retryAfterMs(headers: Record<string, unknown>, now: number): number | undefined {
	const value = String(headers['retry-after'] ?? '').trim();
	// Some write the date as ISO does.
	const ms = /^([a-z]|\d{4}-)/i.test(value)
		? Date.parse(value) - (Date.parse(String(headers.date)) || now)
		: parseFloat(value) * 1000;
	return Number.isNaN(ms) ? undefined : Math.min(DAY_MS, Math.max(0, ms));
}
