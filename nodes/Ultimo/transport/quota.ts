import { REQUESTS_PER_WINDOW, WINDOW_MS } from './limits';

/** From a refusal to the first probe, which doubles with each that is refused, up to the most. */
const PROBE_MS = 400;
const PROBE_MOST_MS = 5_000;

/** A share: what is taken again of what was accepted, the least that is a burst, and its growth. */
const KEEP = 0.8;
const BURST = 8;
const STEP = 1.3;
const STEP_MOST = 8;

/** A pace: at first and at its fastest, against an even spread of the limit; and its slowest. */
const FIRST_PACE = 1 / 1.2;
const FULL_PACE = 0.97;
const SLOWEST_MS = 3_000;
/** Slower after one refusal and after each next one in a row; so many of these are no bad luck. */
const SLOWER = 1.15;
const MUCH_SLOWER = 1.3;
const MISSES = 4;
/** Faster by so many requests a second each second, but by that part with a request at the most. */
const FASTER = 0.04;
const FASTER_PART = 0.015;
/** After so many without a refusal twice as fast as that, after more in a square, up to that part. */
const CALM = 10;
const CALM_PART = 0.2;

/** What is used of a window: a request takes a slot until one window after its answer arrived. */
export class Slots {
	inFlight = 0;
	/** When the answers arrived, oldest first. */
	private answers: number[] = [];

	/** Milliseconds until fewer than `most` are used; `undefined` when only an answer can tell. */
	wait(now: number, most: number): number | undefined {
		const used = this.used(now);
		if (used < most) return 0;
		const oldest = this.answers[used - most];
		return oldest === undefined ? undefined : oldest + WINDOW_MS - now;
	}

	used(now: number): number {
		return this.inFlight + this.answered(now);
	}

	answered(now: number): number {
		let old = 0;
		while (old < this.answers.length && this.answers[old] + WINDOW_MS <= now) old++;
		if (old > 0) this.answers.splice(0, old);
		return this.answers.length;
	}

	/** When the first answer is a window old. */
	get firstFree(): number {
		return (this.answers[0] ?? Infinity) + WINDOW_MS;
	}

	answer(now: number): void {
		this.inFlight--;
		this.answers.push(now);
	}
}

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
 * at a pace that follows what is accepted. When one is accepted only then, the capacity of a window
 * came back: `open` again, with a share that leaves room for others and grows until it is refused.
 */
export class Quota {
	private mode: 'open' | 'closed' | 'paced' = 'open';
	private readonly slots = new Slots();
	private limit = Infinity;
	private nextAt = -Infinity;
	private sentAt = -Infinity;
	private refusedAt = -Infinity;

	/** Until when a window's capacity can't be back, the wait for the next probe, and if one flies. */
	private probes = { until: 0, delay: 0, flying: false };
	/** Requests in a window, by how many it grows next, and from when on. */
	private share = { most: Infinity, step: 1, growsAt: 0 };
	/** How many may fly at a time. */
	private together = Infinity;
	/** Whether capacity was seen to come back at once. */
	private comesAtOnce = false;
	/** Milliseconds between two requests, refusals in a row, acceptances since, and the last one. */
	private pace = { interval: 0, misses: 0, calm: 4 * CALM, fasterAt: 0 };

	/**
	 * Milliseconds until a request may be sent, 0 for now, or `undefined` when only an answer to a
	 * request in flight can tell.
	 * @param limit requests that the key may have in one window; `Infinity` for no quota
	 */
	wait(now: number, limit: number): number | undefined {
		this.limit = limit;
		if (now < this.nextAt) return this.nextAt - now;
		if (now - this.sentAt > WINDOW_MS) this.rested();
		if (this.mode === 'closed') return this.probes.flying ? undefined : 0;
		if (this.mode === 'paced') return 0;
		if (this.slots.inFlight >= this.together) return undefined;
		const { share } = this;
		const wait = this.slots.wait(now, Math.min(limit, share.most));
		if (wait === 0 || share.most >= limit) return wait;
		if (now < share.growsAt) return Math.min(wait ?? Infinity, share.growsAt - now);
		if (this.slots.inFlight > 0) return wait;
		share.most += Math.floor(share.step);
		share.step = Math.min(STEP_MOST, share.step * STEP);
		return 0;
	}

	get resumesAt(): number {
		return this.nextAt;
	}

	used(now: number): number {
		return this.slots.used(now);
	}

	/** Whether the pace bounds the requests, and no count of slots. */
	get isPaced(): boolean {
		return this.mode === 'paced';
	}

	sent(now: number): Ticket {
		const probe = this.mode === 'closed';
		this.slots.inFlight++;
		this.sentAt = now;
		if (probe) this.probes.flying = true;
		const { interval } = this.pace;
		if (this.isPaced) this.nextAt = Math.max(this.nextAt, now - interval) + interval;
		return { sentAt: now, probe };
	}

	/** Nothing was sent, so nothing is owed. */
	unused({ probe }: Ticket): void {
		this.slots.inFlight--;
		if (probe) this.probes.flying = false;
	}

	/** No answer came. Ultimo may have counted the request. */
	lost({ probe }: Ticket, now: number): void {
		this.slots.answer(now);
		if (probe) this.probes.flying = false;
	}

	/** Ultimo answered, well or badly, but not for want of quota. */
	accepted(ticket: Ticket, now: number): void {
		this.lost(ticket, now);
		this.together++;
		if (this.mode === 'closed' && ticket.probe) this.reopen(ticket.sentAt < this.probes.until, now);
		else if (this.isPaced && ticket.sentAt > this.refusedAt) this.faster(now);
	}

	/**
	 * Ultimo refused for want of quota.
	 * @param askedMs how long it asks to stay away, which is never shortened
	 * @param random a number from 0 to 1, so that processes do not stay in step
	 */
	refused(ticket: Ticket, now: number, askedMs: number, random: number): void {
		this.unused(ticket);
		// Of what was sent before the last refusal arrived, one is as good as all.
		if (ticket.sentAt >= this.refusedAt) this.nextAt = this.learn(now, random);
		this.nextAt = Math.max(this.nextAt, now + askedMs);
	}

	/** @returns when the next request may be sent */
	private learn(now: number, random: number): number {
		this.refusedAt = now;
		if (this.isPaced && ++this.pace.misses < MISSES) return this.slower(now, random);
		const { probes, slots, share } = this;
		if (this.mode === 'closed') probes.delay = Math.min(PROBE_MOST_MS, probes.delay * 2);
		else {
			const had = slots.answered(now);
			const most = share.most === Infinity ? 0 : share.most;
			const most80 = Math.min(had * KEEP, this.limit / 2);
			this.share = { most: Math.max(1, Math.floor(most80)), step: 1, growsAt: now + WINDOW_MS };
			// Others were quicker: what was ours comes back slot by slot.
			if (this.comesAtOnce && had >= Math.max(BURST, most / 2)) return now;
			this.mode = 'closed';
			this.comesAtOnce = false;
			this.share.growsAt = now;
			probes.until = Math.max(now + WINDOW_MS / 2, Math.min(slots.firstFree, now + WINDOW_MS));
			probes.delay = PROBE_MS;
		}
		const at = now + probes.delay * (0.75 + random / 2);
		return now < probes.until ? Math.min(probes.until, at) : at;
	}

	private reopen(early: boolean, now: number): void {
		this.comesAtOnce = !early;
		this.mode = early ? 'paced' : 'open';
		this.together = 1;
		this.pace.interval ||= this.even / FIRST_PACE;
		this.pace.misses = 0;
		this.pace.fasterAt = now;
	}

	/** After a window without requests the next may come in a burst, which begins with care. */
	private rested(): void {
		this.mode = 'open';
		this.share.most = Infinity;
		this.together = this.refusedAt === -Infinity ? Infinity : 1;
	}

	/** Milliseconds between two requests that are spread evenly. */
	private get even(): number {
		return WINDOW_MS / Math.min(this.limit, REQUESTS_PER_WINDOW);
	}

	private slower(now: number, random: number): number {
		const { pace } = this;
		const first = pace.misses === 1;
		const interval = Math.min(SLOWEST_MS, pace.interval * (first ? SLOWER : MUCH_SLOWER));
		this.pace = { ...pace, interval, calm: 0, fasterAt: now };
		// Once, it was another one's turn: soon after it is ours.
		return now + (first ? this.even / 2 : interval / 2) * (1 + random * (first ? 1 : 2));
	}

	private faster(now: number): void {
		const { interval, calm, fasterAt } = this.pace;
		const rate = 1_000 / interval;
		const part = Math.min(FASTER_PART, (FASTER * (now - fasterAt)) / 1_000 / rate);
		const more = Math.min(CALM_PART, part * (1 + (calm / CALM) ** 2));
		const most = (FULL_PACE * this.limit * 1_000) / WINDOW_MS;
		this.pace = {
			interval: 1_000 / Math.min(most, rate * (1 + more)),
			misses: 0,
			calm: calm + 1,
			fasterAt: now,
		};
	}
}
