import { systemClock, type Clock } from './clock';
import type { Failure } from './failure';
import { Guest, type NoEntry, type Ticket } from './guest';
import { Quota } from './quota';
import type { Stop } from './stop';

/** The most that wait at one gate. */
export const MOST_WAITING = 10_000;

/**
 * The one door to a customer's Ultimo: everything that this process sends there goes through it,
 * run by run in turn, as each key's {@link Quota} allows.
 */
export class Gate {
	/** By API key and limit: credentials may share a key and differ in that. */
	private readonly quotas = new Map<string, Quota>();
	/** Who waits, the next one first. */
	private readonly turns = new Set<Guest>();
	private waiting = 0;
	/** Of the earliest wake-up that is under way; a later one would only wake for nothing. */
	private wakesAt = Infinity;

	constructor(readonly clock: Clock = systemClock) {}

	/** A run that comes now, with its credential, see `Connection`. */
	join({ key, limit }: { key: string; limit: number }, giveUpAfterMs: number): Guest {
		const id = `${limit} ${key}`;
		const quota = this.quotas.get(id) ?? new Quota(limit);
		this.quotas.set(id, quota);
		return new Guest(quota, giveUpAfterMs, this.clock.now());
	}

	/**
	 * Waits for a slot.
	 * @param kind what is refused alike: the action
	 * @returns a ticket, for {@link exit} or {@link unused}
	 */
	async enter(guest: Guest, kind: string, stop: Stop): Promise<Ticket | NoEntry> {
		if (stop.requested) return 'stopped';
		if (this.waiting >= MOST_WAITING) return 'full';
		return await new Promise((resolve) => {
			const leave = (entry: Ticket | NoEntry) => {
				forget();
				guest.queue.delete(waiting);
				if (guest.queue.size === 0) this.turns.delete(guest);
				this.waiting--;
				resolve(entry);
			};
			const forget = stop.onRequest(() => leave('stopped'));
			const waiting = { kind, leave };
			guest.queue.add(waiting);
			this.turns.add(guest);
			this.waiting++;
			this.admit();
		});
	}

	/**
	 * A request is over.
	 * @param failure has a `quota` when Ultimo refused for want of it; without `httpStatus` no answer
	 * came, and Ultimo may have counted the request
	 */
	exit(ticket: Ticket, failure?: Failure): void {
		const { guest, kind, probe } = ticket;
		const { quota, refusals } = guest;
		const now = this.clock.now();
		if (failure?.quota) {
			refusals.set(kind, { since: refusals.get(kind)?.since ?? now, last: failure });
			quota.refused(ticket, now, failure.quota.retryAfterMs ?? 0, this.clock.random());
		} else if (failure && failure.httpStatus === undefined) {
			quota.lost(ticket, now);
		} else {
			refusals.delete(kind);
			quota.accepted(ticket, now);
		}
		// A run whose item has failed stops its others first.
		if (probe) void this.wake(now);
		else this.admit();
	}

	/** Nothing was sent after all. */
	unused(ticket: Ticket): void {
		ticket.guest.quota.unused(ticket);
		this.admit();
	}

	private admit(): void {
		const now = this.clock.now();
		let wakeAt = Infinity;
		for (const guest of this.turns) {
			const wait = this.wait(guest, now);
			if (wait > 0) {
				guest.dismissStalled(now);
				// Ultimo may ask for a day: a timer for nobody.
				if (guest.queue.size === 0) continue;
				wakeAt = Math.min(wakeAt, now + wait);
				continue;
			}
			// Behind all others, where this loop comes by again.
			this.turns.delete(guest);
			this.turns.add(guest);
			const [{ kind, leave }] = guest.queue;
			leave({ ...guest.quota.sent(now), guest, kind });
		}
		void this.wake(wakeAt);
	}

	/** Milliseconds, or `Infinity` when only an answer can tell. */
	private wait({ quota }: Guest, now: number): number {
		// The vendor counts all keys together. But one key's small limit does not hold for all, nor
		// does that of a key that is not in use.
		const quotas = [...this.quotas.values()];
		const inUse = quotas.filter((one) => one === quota || one.slots.used(now) > 0);
		const used = inUse.reduce((sum, { slots }) => sum + slots.used(now), 0);
		const isFull = used >= Math.max(...inUse.map(({ limit }) => limit));
		const ofAll = isFull ? Math.min(...inUse.map(({ slots }) => slots.firstFree)) - now : 0;
		return Math.max(quota.wait(now), ofAll);
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
