import { WINDOW_MS } from './limits';

/** The limit after a refusal: half as much again as was accepted, but room for a start. */
const COMEBACK = 1.5;
const SMALLEST_SHARE = 10;
/** How often the limit may double. */
const GROWTH_MS = 100;

/** A request that holds a slot. */
export interface Ticket {
	/** The one request that finds out whether the quota is free again. */
	readonly probe: boolean;
}

/**
 * When the next request may be sent. All times are milliseconds of one clock that the caller reads,
 * so that a table can test it.
 *
 * A request takes a slot when it is sent; the slot is free again one window after its *answer*
 * arrived. Ultimo counted the request before that, so no window of Ultimo's, sliding or fixed, can
 * hold more requests than there are slots.
 *
 * The quota belongs to a whole company, and nobody tells how much of it others use. After a
 * refusal everything waits, one request probes, and then all go on with a limit near to what was
 * accepted before; that limit doubles while it is used up without a refusal. So processes that do
 * not know of each other meet again and again at the same start line, where none can take
 * everything at once, and use the quota up without starving one another (test/transport/gate.test.ts).
 */
export class Quota {
	private inFlight = 0;
	/** When the answers of the last window arrived, oldest first, and whether they were acceptances. */
	private answers: Array<{ at: number; accepted: boolean }> = [];
	private share = Infinity;
	private shareSince = 0;
	private pausedUntil = -Infinity;
	/** From a refusal on, until the probe after the pause is accepted. */
	private recovering = false;
	private probing = false;
	private learned = 0;

	/**
	 * Milliseconds until a request may be sent, 0 for now, or `undefined` when only an answer to a
	 * request in flight can tell.
	 * @param limit requests that the caller may have in one window; `Infinity` for no quota
	 */
	wait(now: number, limit: number): number | undefined {
		if (now < this.pausedUntil) return this.pausedUntil - now;
		if (this.probing) return undefined;
		this.forget(now);
		this.grow(now, limit);
		const slots = this.recovering ? limit : Math.min(limit, this.share);
		if (this.inFlight + this.answers.length < slots) return 0;
		const oldest = this.answers[this.inFlight + this.answers.length - slots];
		if (!oldest) return undefined;
		const free = oldest.at + WINDOW_MS - now;
		// A share may grow before that.
		return slots < limit ? Math.min(free, Math.max(1, this.shareSince + GROWTH_MS - now)) : free;
	}

	/** Takes a slot; hand what comes back to the one method below that says how it ended. */
	sent(): Ticket {
		this.inFlight++;
		this.probing = this.recovering;
		return { probe: this.probing };
	}

	/** Nothing was sent, so nothing is owed. */
	unused(ticket: Ticket): void {
		this.inFlight--;
		if (ticket.probe) this.probing = false;
	}

	/** Ultimo answered, well or badly, but not for want of quota. */
	accepted(ticket: Ticket, now: number): void {
		this.end(ticket, now, true);
		if (!this.recovering) return;
		if (!ticket.probe) {
			this.learned++;
			return;
		}
		this.recovering = false;
		this.share = Math.max(SMALLEST_SHARE, Math.ceil(this.learned * COMEBACK));
		this.shareSince = now;
	}

	/** No answer came. Ultimo may have counted the request. */
	lost(ticket: Ticket, now: number): void {
		this.end(ticket, now, false);
	}

	/** Ultimo refused for want of quota. All requests wait for `pauseMs`, then one probes. */
	refused(ticket: Ticket, now: number, pauseMs: number): void {
		this.end(ticket, now, false);
		if (!this.recovering) this.learned = this.acceptedLately(now);
		this.recovering = true;
		this.pausedUntil = Math.max(this.pausedUntil, now + pauseMs);
	}

	/** How many requests were accepted in the last window. */
	acceptedLately(now: number): number {
		this.forget(now);
		return this.answers.filter(({ accepted }) => accepted).length;
	}

	/** Until when the pause after a refusal lasts. */
	get resumesAt(): number {
		return this.pausedUntil;
	}

	private end(ticket: Ticket, now: number, accepted: boolean): void {
		this.unused(ticket);
		this.forget(now);
		this.answers.push({ at: now, accepted });
	}

	private forget(now: number): void {
		let old = 0;
		while (old < this.answers.length && this.answers[old].at + WINDOW_MS <= now) old++;
		if (old > 0) this.answers.splice(0, old);
	}

	private grow(now: number, limit: number): void {
		if (this.share >= limit || now - this.shareSince < GROWTH_MS) return;
		if (this.inFlight + this.answers.length < this.share) return;
		this.share = this.share * 2 >= limit ? Infinity : this.share * 2;
		this.shareSince = now;
	}
}
