import { sleep } from 'n8n-workflow';

import type { Failure } from './answer';
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
	private queue: Waiting[] = [];
	/** Of the earliest wake-up that is under way; a later one would only wake for nothing. */
	private wakesAt = Infinity;

	constructor(readonly clock: Clock = systemClock) {}

	/** Waits for a slot; see {@link Claim} for what ends the wait without one. */
	async enter(claim: Claim): Promise<Ticket | NoEntry> {
		if (claim.stops.some(({ requested }) => requested)) return 'stopped';
		if (this.isStalled(claim)) return 'stalled';
		return await new Promise((resolve) => {
			const leave = () => {
				this.queue = this.queue.filter((other) => other !== waiting);
				waiting.enter('stopped');
				this.admit();
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

	accepted(ticket: Ticket): void {
		this.quota.accepted(ticket, this.clock.now());
		this.admit();
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
	refused(ticket: Ticket, refusal: Failure): void {
		const now = this.clock.now();
		const acceptedLately = this.quota.acceptedLately(now);
		const had = { probe: ticket.probe, acceptedLately };
		const pause = pauseAfterRefusal(refusal.quota?.retryAfterMs, had, this.clock.random());
		this.lastRefusal = refusal;
		this.quota.refused(ticket, now, pause);
		const { queue } = this;
		this.queue = queue.filter(({ claim }) => !this.isStalled(claim));
		for (const waiting of queue) if (!this.queue.includes(waiting)) waiting.enter('stalled');
		this.admit();
	}

	/** Milliseconds since when Ultimo has refused everything, 0 while it accepts. */
	stalledFor(): number {
		return this.clock.now() - (this.quota.stalledSince ?? this.clock.now());
	}

	/** Milliseconds until the pause after a refusal ends. */
	pausedFor(): number {
		return Math.max(0, this.quota.resumesAt - this.clock.now());
	}

	/** A pause that Ultimo itself asked for counts in full at once: nobody waits for it in vain. */
	private isStalled({ since, giveUpAfterMs }: Claim): boolean {
		const { stalledSince, resumesAt } = this.quota;
		if (stalledSince === undefined) return false;
		const asked = this.lastRefusal?.quota?.retryAfterMs !== undefined;
		const now = this.clock.now();
		return Math.max(now, asked ? resumesAt : now) - Math.max(since, stalledSince) >= giveUpAfterMs;
	}

	private admit(): void {
		const now = this.clock.now();
		while (this.queue.length > 0) {
			const wait = this.quota.wait(now, this.queue[0].claim.limit);
			if (wait !== 0) {
				if (wait !== undefined) void this.wake(now + wait);
				return;
			}
			this.queue.shift()?.enter(this.quota.sent());
		}
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

/** The gate of an environment, the same for all executions of this process. */
export function gateOf(environment: string): Gate {
	// With and without client certificate it is the same company.
	const company = environment.replace('//api-', '//');
	const gate = gates.get(company) ?? new Gate();
	gates.set(company, gate);
	return gate;
}
