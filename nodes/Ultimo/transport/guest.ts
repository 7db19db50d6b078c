import type { Failure } from './failure';
import { WINDOW_MS } from './limits';
import type { Quota, Ticket as Sent } from './quota';
import type { Stop } from './stop';

/** What a run may take, and how long it bears to be refused. The same object for all its requests. */
export interface Claim {
	/** Requests per window that the run's credential allows; `Infinity` for no quota. */
	readonly limit: number;
	/** Milliseconds after which the wait ends while Ultimo refuses everything. */
	readonly giveUpAfterMs: number;
	/** The API key, which may have a quota of its own. */
	readonly key: string;
	/** When the run came, by the gate's clock: what was refused before does not count. */
	readonly since: number;
}

/** Why someone left the queue without a slot; `full`: as many wait as may. */
export type NoEntry = 'stopped' | 'stalled' | 'full';

/** A request that holds a slot; hand it back to the gate's method that says how it ended. */
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
	enter(result: Ticket | NoEntry): void;
}

/** A run at the gate: what of it waits, and what it was told. */
export class Guest {
	private readonly queue = new Set<Waiting>();
	/** Of each kind of request, since its last acceptance. */
	private readonly refusals = new Map<string, { since: number; last: Failure }>();

	constructor(
		readonly claim: Claim,
		readonly quota: Quota,
	) {}

	get waits(): boolean {
		return this.queue.size > 0;
	}

	/** Waits for {@link admit}, or for one of the stops, upon which it calls `left`. */
	async wait(kind: string, stops: Stop[], left: () => void): Promise<Ticket | NoEntry> {
		return await new Promise((resolve) => {
			const leave = () => {
				waiting.enter('stopped');
				left();
			};
			const forgets = stops.map((stop) => stop.onRequest(leave));
			const waiting: Waiting = {
				kind,
				enter: (result) => {
					this.queue.delete(waiting);
					for (const forget of forgets) forget();
					resolve(result);
				},
			};
			this.queue.add(waiting);
		});
	}

	/** The one that has waited longest may go. */
	admit(now: number): void {
		const [{ kind, enter }] = this.queue;
		enter({ ...this.quota.sent(now), guest: this, kind });
	}

	accepted(kind: string): void {
		this.refusals.delete(kind);
	}

	refused(kind: string, now: number, last: Failure): void {
		this.refusals.set(kind, { since: this.refusals.get(kind)?.since ?? now, last });
	}

	stall(kind: string, now: number): Stall {
		const own = this.refusals.get(kind);
		const since = Math.min(own?.since ?? now, this.quota.refusedSince ?? now);
		const asked = this.quota.nextAt - now;
		return {
			refusal: own?.last,
			forMs: now - Math.max(this.claim.since, since),
			askedMs: asked > WINDOW_MS * 1.1 ? asked : 0,
		};
	}

	/** Whose patience is at its end leaves. */
	dismissStalled(now: number): void {
		if (this.refusals.size === 0 && this.quota.refusedSince === undefined) return;
		for (const { kind, enter } of this.queue) {
			const { forMs, askedMs } = this.stall(kind, now);
			// What Ultimo asks for counts in full at once: nobody waits for it in vain.
			if (forMs + askedMs >= this.claim.giveUpAfterMs) enter('stalled');
		}
	}
}
