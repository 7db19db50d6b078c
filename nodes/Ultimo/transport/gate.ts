import { sleep } from 'n8n-workflow';

import type { Failure } from './failure';
import { WINDOW_MS } from './limits';
import { Quota, type Ticket } from './quota';
import { pauseAfterRefusal } from './retry';
import type { Stop } from './stop';

/** Time and chance, passed in so that tests own them. */
export interface Clock {
	/** Milliseconds that only ever go forward. */
	now(): number;
	sleep(ms: number): Promise<void>;
	/** A number from 0 to 1. */
	random(): number;
}

export const systemClock: Clock = {
	now: () => performance.now(),
	sleep,
	random: Math.random,
};

/** Why someone left the queue without a slot. */
export type NoEntry = 'stopped' | 'stalled';

/** What a caller may take, and how long it bears to be refused. */
export interface Claim {
	/** Requests per window that the caller's credential allows. */
	limit: number;
	/** Milliseconds after which the wait ends while Ultimo refuses everything. */
	giveUpAfterMs: number;
	/** The API key: a quota of the day may be one's own. */
	key: string;
	/** When the caller came, by the gate's clock: what was refused before does not count. */
	since: number;
	/** What ends the wait at once. */
	stops: Stop[];
}

interface Waiting {
	claim: Claim;
	enter(result: Ticket | NoEntry): void;
}

/**
 * The one door to an environment: everything that this process sends there goes through it, first
 * come first served, as {@link Quota} allows.
 */
export class Gate {
	lastRefusal?: Failure;

	private readonly quota = new Quota();
	/** By API key: since when Ultimo has refused everything. */
	private readonly refusedSince = new Map<string, number>();
	private queue: Waiting[] = [];
	/** Of the earliest wake-up that is under way; a later one would only wake for nothing. */
	private wakesAt = Infinity;

	constructor(readonly clock: Clock = systemClock) {}

	/** Waits for a slot; see {@link Claim} for what ends the wait without one. */
	async enter(claim: Claim): Promise<Ticket | NoEntry> {
		if (claim.stops.some(({ requested }) => requested)) return 'stopped';
		return await new Promise((resolve) => {
			const leave = () => {
				this.queue = this.queue.filter((other) => other !== waiting);
				waiting.enter('stopped');
				this.admitSoon();
			};
			const forgets = claim.stops.map((stop) => stop.onRequest(leave));
			const waiting: Waiting = {
				claim,
				enter: (result) => {
					for (const forget of forgets) forget();
					resolve(result);
				},
			};
			this.queue.push(waiting);
			this.admit();
		});
	}

	accepted(ticket: Ticket, { key }: Pick<Claim, 'key'>): void {
		this.refusedSince.delete(key);
		this.quota.accepted(ticket, this.clock.now());
		if (ticket.probe) this.admitSoon();
		else this.admit();
	}

	lost(ticket: Ticket): void {
		this.quota.lost(ticket, this.clock.now());
		this.admit();
	}

	/** A slot that was not used after all. */
	unused(ticket: Ticket): void {
		this.quota.unused(ticket);
		this.admit();
	}

	/** Everything waits; whose patience ends by then leaves the queue. */
	refused(ticket: Ticket, { key }: Pick<Claim, 'key'>, refusal: Failure): void {
		const now = this.clock.now();
		const acceptedLately = this.quota.acceptedLately(now);
		const had = { probe: ticket.probe, acceptedLately };
		const pause = pauseAfterRefusal(refusal.quota?.retryAfterMs, had, this.clock.random());
		this.lastRefusal = refusal;
		this.quota.refused(ticket, now, pause);
		if (!this.refusedSince.has(key)) this.refusedSince.set(key, now);
		this.admit();
	}

	/** Milliseconds for which Ultimo has refused everything of a caller, 0 while it accepts. */
	stalledFor({ key, since }: Pick<Claim, 'key' | 'since'>): number {
		const now = this.clock.now();
		return now - Math.max(since, this.refusedSince.get(key) ?? now);
	}

	/** Milliseconds that Ultimo asks to stay away, where that is longer than our own pauses; else 0. */
	askedToWait(): number {
		const pause = this.quota.resumesAt - this.clock.now();
		return pause > WINDOW_MS * 1.1 ? pause : 0;
	}

	/** What Ultimo asks for counts in full at once: nobody waits for it in vain. */
	private isStalled(claim: Claim): boolean {
		return this.stalledFor(claim) + this.askedToWait() >= claim.giveUpAfterMs;
	}

	private admit(): void {
		const now = this.clock.now();
		let wait: number | undefined;
		while (this.queue.length > 0) {
			wait = this.quota.wait(now, this.queue[0].claim.limit);
			if (wait !== 0) break;
			this.queue.shift()?.enter(this.quota.sent());
		}
		if (wait) void this.wake(now + wait);
		// Who has a slot now may try it, however long the wait was.
		this.queue = this.queue.filter((waiting) => {
			const stalled = this.isStalled(waiting.claim);
			if (stalled) waiting.enter('stalled');
			return !stalled;
		});
	}

	/** After what is under way is done: a run whose item has failed stops its others first. */
	private admitSoon(): void {
		void this.wake(this.clock.now());
	}

	private async wake(at: number): Promise<void> {
		if (at >= this.wakesAt) return;
		this.wakesAt = at;
		await this.clock.sleep(Math.ceil(at - this.clock.now()));
		if (this.wakesAt === at) this.wakesAt = Infinity;
		this.admit();
	}
}

const gates = new Map<string, Gate>();

/** The gate to a customer's Ultimo, the same for all that this process does. */
export function gateOf(customer: string): Gate {
	const gate = gates.get(customer) ?? new Gate();
	gates.set(customer, gate);
	return gate;
}
