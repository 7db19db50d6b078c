import { createHash } from 'crypto';
import { sleep } from 'n8n-workflow';

import type { Failure } from './failure';
import { Guest, type Claim, type NoEntry, type Stall, type Ticket } from './guest';
import { Quota } from './quota';
import { Slots } from './slots';
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

/** The most that wait at one gate. */
export const MOST_WAITING = 10_000;

/**
 * The one door to a customer's Ultimo: everything that this process sends there goes through it,
 * run by run in turn, as each key's {@link Quota} allows.
 */
export class Gate {
	/** Of all keys, as the vendor counts them together. */
	private readonly slots = new Slots();
	/** By a digest of the API key, and by limit: credentials may share a key and differ in that. */
	private readonly quotas = new Map<string, Quota>();
	private readonly guests = new WeakMap<Claim, Guest>();
	/** Who waits, the next one first. */
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
		const guest = this.guestOf(claim);
		this.turns.add(guest);
		this.waiting++;
		const entry = guest.wait(kind, stops, () => this.admitSoon());
		this.admit();
		return await entry.finally(() => this.waiting--);
	}

	/** Ultimo answered, well or badly, but not for want of quota. */
	accepted(ticket: Ticket): void {
		const { guest, kind, probe } = ticket;
		const now = this.clock.now();
		guest.accepted(kind);
		guest.quota.accepted(ticket, now);
		this.slots.answered(now);
		// A run whose item has failed stops its others first.
		if (probe) this.admitSoon();
		else this.admit();
	}

	/** No answer came. Ultimo may have counted the request. */
	lost(ticket: Ticket): void {
		const now = this.clock.now();
		ticket.guest.quota.lost(ticket, now);
		this.slots.answered(now);
		this.admit();
	}

	/** A slot that was not used after all. */
	unused(ticket: Ticket): void {
		ticket.guest.quota.unused(ticket);
		this.slots.inFlight--;
		this.admit();
	}

	/** Ultimo refused for want of quota. */
	refused(ticket: Ticket, refusal: Failure): void {
		const { guest, kind } = ticket;
		const now = this.clock.now();
		guest.refused(kind, now, refusal);
		guest.quota.refused(ticket, now, refusal.quota?.retryAfterMs ?? 0, this.clock.random());
		this.slots.inFlight--;
		this.admit();
	}

	stall(claim: Claim, kind: string): Stall {
		return this.guestOf(claim).stall(kind, this.clock.now());
	}

	private guestOf(claim: Claim): Guest {
		const known = this.guests.get(claim);
		if (known) return known;
		const digest = createHash('sha256').update(`${claim.limit} ${claim.key}`).digest('hex');
		const quota = this.quotas.get(digest) ?? new Quota(claim.limit);
		this.quotas.set(digest, quota);
		const guest = new Guest(claim, quota);
		this.guests.set(claim, guest);
		return guest;
	}

	private admit(): void {
		const now = this.clock.now();
		let wakeAt = Infinity;
		for (const guest of this.turns) {
			const wait = guest.waits ? this.wait(guest, now) : undefined;
			if (wait === 0) {
				this.slots.inFlight++;
				guest.admit(now);
				// Behind all others, where this loop comes by again.
				this.turns.delete(guest);
				this.turns.add(guest);
				continue;
			}
			if (wait !== undefined) wakeAt = Math.min(wakeAt, now + wait);
			// Who has a slot now may try it, however long the wait was.
			guest.dismissStalled(now);
			if (!guest.waits) this.turns.delete(guest);
		}
		if (wakeAt < Infinity) void this.wake(wakeAt);
	}

	private wait({ quota }: Guest, now: number): number | undefined {
		// One key's small limit does not hold for all, nor does that of a key that is not in use.
		const used = [...this.quotas.values()].filter((one) => one === quota || one.used(now) > 0);
		const ofAll = this.slots.wait(now, Math.max(...used.map(({ limit }) => limit)));
		const own = quota.wait(now);
		return own === undefined || ofAll === undefined ? undefined : Math.max(own, ofAll);
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
