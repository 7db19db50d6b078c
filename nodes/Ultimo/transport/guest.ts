import type { Failure } from './failure';
import { WINDOW_MS } from './limits';
import type { Quota, Ticket as Sent } from './quota';

/** Why someone left the queue without a slot; `full`: as many wait as may. */
export type NoEntry = 'stopped' | 'stalled' | 'full';

/** A request that holds a slot. */
export interface Ticket extends Sent {
	readonly guest: Guest;
	readonly kind: string;
}

/** How a run's requests of one kind fare. */
export interface Stall {
	/** The last refusal of theirs. */
	refusal?: Failure;
	/** Milliseconds for which Ultimo has refused all. */
	forMs: number;
	/** Milliseconds that Ultimo asks to stay away, where that is long; else 0. */
	askedMs: number;
}

interface Waiting {
	readonly kind: string;
	leave(entry: Ticket | NoEntry): void;
}

/** A run at the gate: what of it waits, and what it was told. The same object for all its requests. */
export class Guest {
	/** Who has waited longest comes first. */
	readonly queue = new Set<Waiting>();
	/** Of each kind of request, since its last acceptance. */
	readonly refusals = new Map<string, { since: number; last: Failure }>();

	/**
	 * @param giveUpAfterMs after which the wait ends while Ultimo refuses everything
	 * @param since when the run came, by the gate's clock: what was refused before does not count
	 */
	constructor(
		readonly quota: Quota,
		private readonly giveUpAfterMs: number,
		private readonly since: number,
	) {}

	stall(kind: string, now: number): Stall {
		const own = this.refusals.get(kind);
		const since = Math.min(own?.since ?? now, this.quota.refusedSince ?? now);
		const forMs = now - Math.max(this.since, since);
		const askedMs = this.quota.askedUntil - now;
		return { refusal: own?.last, forMs, askedMs: askedMs > WINDOW_MS * 1.1 ? askedMs : 0 };
	}

	/** Whose patience is at its end leaves. */
	dismissStalled(now: number): void {
		if (this.refusals.size === 0 && this.quota.refusedSince === undefined) return;
		for (const { kind, leave } of this.queue) {
			const { forMs, askedMs } = this.stall(kind, now);
			// What Ultimo asks for counts in full at once: nobody waits for it in vain.
			if (forMs + askedMs >= this.giveUpAfterMs) leave('stalled');
		}
	}
}
