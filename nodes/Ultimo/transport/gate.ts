import { createHash } from 'crypto';
import { sleep } from 'n8n-workflow';

import type { Failure } from './failure';
import { WINDOW_MS } from './limits';
import { Quota, Slots, type Ticket as Sent } from './quota';
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

/** What a run may take, and how long it bears to be refused. The same object for all its requests. */
export interface Claim {
	/** Requests per window that the run's credential allows. */
	readonly limit: number;
	/** Milliseconds after which the wait ends while Ultimo refuses everything. */
	readonly giveUpAfterMs: number;
	/** The API key, which may have a quota of its own. */
	readonly key: string;
	/** When the run came, by the gate's clock: what was refused before does not count. */
	readonly since: number;
}

/** Why someone left the queue without a slot; `full`: more wait already than may. */
export type NoEntry = 'stopped' | 'stalled' | 'full';

/** A request that holds a slot. */
export interface Ticket extends Sent {
	readonly guest: Guest;
	readonly kind: string;
}

/** All that waits at one gate together. */
export const MOST_WAITING = 10_000;

/** What one API key's requests met. */
class Lane {
	readonly quota = new Quota();
	limit = 0;
	/** Since when everything was refused. */
	refusedSince?: number;
}

interface Waiting {
	readonly kind: string;
	enter(result: Ticket | NoEntry): void;
}

/** A run at the gate, with its refusals by kind of request, each since the last acceptance. */
class Guest {
	readonly waiting = new Set<Waiting>();
	readonly refusals = new Map<string, { since: number; last: Failure }>();

	constructor(
		readonly claim: Claim,
		readonly lane: Lane,
	) {}
}

/**
 * The one door to a customer's Ultimo: everything that this process sends there goes through it,
 * run by run in turn, as each key's {@link Quota} allows.
 */
export class Gate {
	/** Of all keys together, as the vendor counts. */
	private readonly slots = new Slots();
	/** By a digest of the API key. */
	private readonly lanes = new Map<string, Lane>();
	private readonly guests = new WeakMap<Claim, Guest>();
	/** Runs that wait, whose turn is next first. */
	private readonly turns = new Set<Guest>();
	private waiting = 0;
	/** Of the earliest wake-up that is under way; a later one would only wake for nothing. */
	private wakesAt = Infinity;

	constructor(readonly clock: Clock = systemClock) {}

	/**
	 * Waits for a slot; see {@link Claim} for what ends the wait without one.
	 * @param kind what is refused alike: the action
	 * @param stops what ends the wait at once
	 */
	async enter(claim: Claim, kind: string, stops: Stop[]): Promise<Ticket | NoEntry> {
		if (stops.some(({ requested }) => requested)) return 'stopped';
		if (this.waiting >= MOST_WAITING) return 'full';
		return await new Promise((resolve) => {
			const guest = this.guestOf(claim);
			const leave = () => {
				waiting.enter('stopped');
				this.admitSoon();
			};
			const forgets = stops.map((stop) => stop.onRequest(leave));
			const waiting: Waiting = {
				kind,
				enter: (result) => {
					guest.waiting.delete(waiting);
					this.waiting--;
					for (const forget of forgets) forget();
					resolve(result);
				},
			};
			guest.waiting.add(waiting);
			this.waiting++;
			this.turns.add(guest);
			this.admit();
		});
	}

	/** Ultimo answered, well or badly, but not for want of quota. */
	accepted(ticket: Ticket): void {
		const { guest, kind } = ticket;
		const now = this.clock.now();
		guest.refusals.delete(kind);
		guest.lane.refusedSince = undefined;
		guest.lane.quota.accepted(ticket, now);
		this.slots.answer(now);
		// A run whose item has failed stops its others first.
		if (ticket.probe) this.admitSoon();
		else this.admit();
	}

	/** No answer came. Ultimo may have counted the request. */
	lost(ticket: Ticket): void {
		const now = this.clock.now();
		ticket.guest.lane.quota.lost(ticket, now);
		this.slots.answer(now);
		this.admit();
	}

	/** A slot that was not used after all. */
	unused(ticket: Ticket): void {
		ticket.guest.lane.quota.unused(ticket);
		this.slots.inFlight--;
		this.admit();
	}

	/** Ultimo refused for want of quota. Whose patience ends by then leaves the queue. */
	refused(ticket: Ticket, refusal: Failure): void {
		const { guest, kind } = ticket;
		const now = this.clock.now();
		const since = guest.refusals.get(kind)?.since ?? now;
		guest.refusals.set(kind, { since, last: refusal });
		guest.lane.refusedSince ??= now;
		const asked = refusal.quota?.retryAfterMs ?? 0;
		guest.lane.quota.refused(ticket, now, asked, this.clock.random());
		this.slots.answer(now);
		this.admit();
	}

	/**
	 * How a run's requests of one kind fare: the last refusal of theirs, milliseconds for which
	 * Ultimo has refused all, and milliseconds that it asks to stay away, where that is long; else 0.
	 */
	stall(claim: Claim, kind: string): { refusal?: Failure; forMs: number; askedMs: number } {
		const { refusals, lane } = this.guestOf(claim);
		const now = this.clock.now();
		const own = refusals.get(kind);
		const since = Math.min(own?.since ?? now, lane.refusedSince ?? now);
		const asked = lane.quota.resumesAt - now;
		return {
			refusal: own?.last,
			forMs: now - Math.max(claim.since, since),
			askedMs: asked > WINDOW_MS * 1.1 ? asked : 0,
		};
	}

	private guestOf(claim: Claim): Guest {
		const known = this.guests.get(claim);
		if (known) return known;
		const digest = createHash('sha256').update(claim.key).digest('base64');
		const lane = this.lanes.get(digest) ?? new Lane();
		lane.limit = claim.limit;
		this.lanes.set(digest, lane);
		const guest = new Guest(claim, lane);
		this.guests.set(claim, guest);
		return guest;
	}

	private admit(): void {
		const now = this.clock.now();
		let wakeIn = Infinity;
		for (const guest of this.turns) {
			let wait: number | undefined;
			const [next] = guest.waiting;
			if (next) wait = this.wait(guest, now);
			if (next && wait === 0) {
				this.slots.inFlight++;
				next.enter({ ...guest.lane.quota.sent(now), guest, kind: next.kind });
				// Behind all others, where this loop comes by again.
				this.turns.delete(guest);
				this.turns.add(guest);
				continue;
			}
			if (wait !== undefined) wakeIn = Math.min(wakeIn, wait);
			// Who has a slot now may try it, however long the wait was.
			for (const { kind, enter } of guest.waiting) {
				// What Ultimo asks for counts in full at once: nobody waits for it in vain.
				const { forMs, askedMs } = this.stall(guest.claim, kind);
				if (forMs + askedMs >= guest.claim.giveUpAfterMs) enter('stalled');
			}
			if (guest.waiting.size === 0) this.turns.delete(guest);
		}
		if (wakeIn < Infinity) void this.wake(now + wakeIn);
	}

	private wait({ claim, lane: { quota } }: Guest, now: number): number | undefined {
		const own = quota.wait(now, claim.limit);
		if (quota.isPaced) return own;
		// A key with a small limit is no reason to believe that all have so little.
		const limits = [...this.turns].map((guest) => guest.claim.limit);
		for (const lane of this.lanes.values()) if (lane.quota.used(now) > 0) limits.push(lane.limit);
		const shared = this.slots.wait(now, Math.max(...limits));
		return own === undefined || shared === undefined ? undefined : Math.max(own, shared);
	}

	/** After what is under way is done. */
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
