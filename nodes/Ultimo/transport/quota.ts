import { REQUESTS_PER_WINDOW, WINDOW_MS } from './limits';
import { Pace } from './pace';
import { Slots } from './slots';

/** How much faster than an even spread a burst is: others come in between, and few are refused. */
const HASTE = 20;
/** The same in the second half of a first burst: some is left for who begins a little later. */
const LESS_HASTE = 5;

/** From a refusal to the first probe, which doubles with each that is refused, up to the most. */
const PROBE_MS = 1_000;
const PROBE_MOST_MS = 3_000;
/** Who had nothing probes more often when a window is nearly over, down to this. */
const PROBE_LEAST_MS = 400;
/** What is accepted sooner after a refusal has trickled back; later, others' windows may be over. */
const EARLY_MS = 0.65 * WINDOW_MS;

/** The part of a whole window that is left to others. Who had half of one leaves half that part. */
const FOR_OTHERS = 0.45;
/** The least that is a burst: it shows that capacity came back at once. */
const BURST = 10;
/** How much more a share grows each time: by one request, then by two, and so on. */
const STEP = 1.3;
/** How long a share of a whole window does not grow; half of one half as long: less comes first. */
const AFTER_YOU_MS = 2_000;

/** So many refusals in a row at a pace, and it is found out anew how capacity comes back. */
const REFUSALS_IN_A_ROW = 3;

/** A request that was sent; hand it back with what became of it. */
export interface Ticket {
	readonly sentAt: number;
	/** The one request that finds out whether Ultimo accepts again. */
	readonly probe: boolean;
}

/**
 * When an API key's next request may be sent. All times are milliseconds of one clock that the
 * caller reads.
 *
 * Ultimo's page does not say how "100 requests per 10 seconds" are counted, nor who else uses them.
 * So `open`: in bursts, each slot again one window after its answer, which no window of Ultimo's,
 * sliding or fixed, refuses. After a refusal `closed`: single probes. When one is accepted before a
 * window is over, capacity trickles back (a bucket, a sliding counter), and requests go on `paced`,
 * at a pace that follows what is accepted. When one is accepted only then, a window's capacity came
 * back: `open` again, with a share that leaves room for others and grows until it is refused.
 */
export class Quota {
	/** Since when everything was refused. */
	refusedSince?: number;
	/** Until when Ultimo asks to stay away. */
	askedUntil = -Infinity;

	readonly slots = new Slots();
	/** Nothing may be sent before. */
	private nextAt = -Infinity;
	private mode: 'open' | 'closed' | 'paced' = 'open';
	private sentAt = -Infinity;
	private refusedAt = -Infinity;
	/** Until when capacity trickles, when a window's comes back, the wait between, and if one flies. */
	private probes = { until: 0, backAt: 0, delay: 0, flying: false };
	/** Requests in a window, by how many it grows next, and from when on. */
	private share = { most: Infinity, step: 1, growsAt: 0 };
	/** How many may fly at a time in a burst; more, as more are accepted. */
	private together = Infinity;
	/** Whether capacity was seen to come back at once, and what was accepted since a refusal or rest. */
	private comesAtOnce = false;
	private burst = 0;
	private readonly pace: Pace;
	private refusalsInARow = 0;

	/** @param limit what the key may have in one window; `Infinity` for no quota */
	constructor(readonly limit: number) {
		this.pace = new Pace(WINDOW_MS / Math.min(limit, REQUESTS_PER_WINDOW), WINDOW_MS / limit);
	}

	/** Milliseconds until a request may be sent, 0 for now, `Infinity` when an answer must tell. */
	wait(now: number): number {
		const { limit, share, slots } = this;
		if (now < this.nextAt) return this.nextAt - now;
		if (now - this.sentAt > WINDOW_MS) this.rest();
		if (this.mode === 'closed') return this.probes.flying ? Infinity : 0;
		if (this.mode === 'paced') return slots.wait(now, limit);
		if (slots.inFlight >= this.together) return Infinity;
		const wait = slots.wait(now, Math.min(limit, share.most));
		if (wait === 0 || share.most >= limit) return wait;
		if (now < share.growsAt) return Math.min(wait, share.growsAt - now);
		if (slots.inFlight > 0) return wait;
		share.most += Math.floor(share.step);
		share.step *= STEP;
		return 0;
	}

	sent(now: number): Ticket {
		const probe = this.mode === 'closed';
		this.slots.inFlight++;
		this.sentAt = now;
		if (probe) this.probes.flying = true;
		const isSecondHalf = this.burst >= this.limit / 2 && this.burst < this.limit;
		const inBurst = WINDOW_MS / this.limit / (isSecondHalf ? LESS_HASTE : HASTE);
		const interval = this.mode === 'paced' ? this.pace.interval : inBurst;
		// A timer that was late is made up for.
		this.nextAt = Math.max(this.nextAt, now - interval) + interval;
		return { sentAt: now, probe };
	}

	/** Nothing was sent, so nothing is owed. */
	unused({ probe }: Ticket): void {
		this.slots.inFlight--;
		if (probe) this.probes.flying = false;
	}

	/** No answer came. Ultimo may have counted the request. */
	lost(ticket: Ticket, now: number): void {
		this.slots.answered(now);
		if (ticket.probe) this.probes.flying = false;
	}

	/** Ultimo answered, well or badly, but not for want of quota. */
	accepted(ticket: Ticket, now: number): void {
		this.lost(ticket, now);
		this.refusedSince = undefined;
		this.burst++;
		this.together += 0.5;
		if (this.mode === 'closed' && ticket.probe) this.reopen(ticket.sentAt < this.probes.until, now);
		else if (this.mode === 'paced' && ticket.sentAt > this.refusedAt) {
			this.refusalsInARow = 0;
			this.pace.accepted();
		}
	}

	/**
	 * Ultimo refused for want of quota.
	 * @param askedMs how long it asks to stay away, which is never shortened
	 * @param random a number from 0 to 1, so that processes do not stay in step
	 */
	refused(ticket: Ticket, now: number, askedMs: number, random: number): void {
		this.unused(ticket);
		this.refusedSince ??= now;
		this.askedUntil = Math.max(this.askedUntil, now + askedMs);
		this.nextAt = Math.max(this.nextAt, this.askedUntil);
		// Of what was sent before the last refusal arrived, one is as good as all.
		if (ticket.sentAt <= this.refusedAt) return;
		this.refusedAt = now;
		const next = now + this.learn(now) * (0.5 + random);
		const latest = this.mode === 'closed' && now < this.probes.backAt ? this.probes.backAt : next;
		this.nextAt = Math.max(this.nextAt, Math.min(next, latest));
	}

	/** @returns milliseconds to wait, more or less */
	private learn(now: number): number {
		const { slots, probes } = this;
		if (this.mode === 'paced' && ++this.refusalsInARow < REFUSALS_IN_A_ROW) {
			this.pace.refused();
			return this.pace.interval;
		}
		if (this.mode === 'closed') {
			probes.delay = Math.min(PROBE_MOST_MS, probes.delay * 2);
			const left = probes.backAt - now;
			if (slots.recent(now) > 0 || left < PROBE_LEAST_MS) return probes.delay;
			// Another's burst came a little before the refusal: it is a window old a little sooner.
			return Math.min(probes.delay, Math.max(PROBE_LEAST_MS, left / 2));
		}
		const had = slots.recent(now);
		const part = FOR_OTHERS * Math.min(1, had / REQUESTS_PER_WINDOW);
		const most = Math.max(1, Math.floor(had * (1 - part)));
		this.share = { most, step: 1, growsAt: now + WINDOW_MS };
		this.comesAtOnce &&= this.burst >= BURST;
		this.burst = 0;
		// Others were quicker; what was ours comes back slot by slot.
		if (this.comesAtOnce) return 0;
		this.mode = 'closed';
		const backAt = Math.min(slots.firstFree, now + WINDOW_MS);
		this.probes = { until: now + EARLY_MS, backAt, delay: PROBE_MS, flying: false };
		return PROBE_MS;
	}

	/** @param early whether what was accepted has trickled back */
	private reopen(early: boolean, now: number): void {
		this.mode = early ? 'paced' : 'open';
		this.comesAtOnce = !early;
		this.share.growsAt = now + (AFTER_YOU_MS * this.share.most) / REQUESTS_PER_WINDOW;
		this.refusalsInARow = 0;
	}

	/** After a window without requests a burst may be accepted again. Where one was not, go slowly. */
	private rest(): void {
		if (this.mode === 'paced') this.mode = 'open';
		this.share.most = Infinity;
		this.burst = 0;
		if (this.refusedAt > -Infinity) this.together = 1;
	}
}
