import { sleep } from 'n8n-workflow';

import type { Failure } from './answer';
import { Quota, type Ticket } from './quota';
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

interface Waiting {
	limit: number;
	giveUpAfterMs: number;
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

	/**
	 * Waits for a slot.
	 * @param limit requests per window that the caller's credential allows
	 * @param giveUpAfterMs how long Ultimo may refuse everything before the wait ends as `stalled`
	 * @param stop ends the wait at once as `stopped`
	 */
	async enter(limit: number, giveUpAfterMs: number, stop: Stop): Promise<Ticket | NoEntry> {
		if (stop.requested) return 'stopped';
		return await new Promise((resolve) => {
			const forget = stop.onRequest(() => {
				this.queue = this.queue.filter((other) => other !== waiting);
				resolve('stopped');
				this.admit();
			});
			const waiting: Waiting = {
				limit,
				giveUpAfterMs,
				enter: (result) => {
					forget();
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

	/** Everyone leaves the queue as `stalled` who can't wait as long as Ultimo has asked for. */
	refused(ticket: Ticket, pauseMs: number, refusal: Failure): void {
		const now = this.clock.now();
		this.lastRefusal = refusal;
		this.quota.refused(ticket, now, pauseMs);
		const asked = refusal.quota?.retryAfterMs !== undefined;
		const stalledFor = (asked ? this.quota.resumesAt : now) - (this.quota.stalledSince ?? now);
		const { queue } = this;
		this.queue = queue.filter(({ giveUpAfterMs }) => stalledFor < giveUpAfterMs);
		for (const waiting of queue) {
			if (stalledFor >= waiting.giveUpAfterMs) waiting.enter('stalled');
		}
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

	private admit(): void {
		const now = this.clock.now();
		while (this.queue.length > 0) {
			const wait = this.quota.wait(now, this.queue[0].limit);
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
	let gate = gates.get(environment);
	if (!gate) gates.set(environment, (gate = new Gate()));
	return gate;
}
