import type { Failure } from './failure';
import type { Clock } from './clock';
import type { Stop } from './stop';

/** So many requests in a row without an answer are no accident. */
const LOSSES = 3;
/** Between two probes: doubles from the first to the last. */
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 15_000;
/** How often who waits looks whether another had an answer. */
const LOOK_EVERY_MS = 250;

/** Leave to send one request; hand it back. */
export interface Pass {
	readonly probe: boolean;
}

/**
 * Whether Ultimo answers at all, as one run sees it. After some losses in a row only one request at a
 * time finds out, and after `giveUpAfterMs` without any answer none does.
 */
export class Outage {
	private losses = 0;
	/** When the first request was sent that was lost, with no answer since. */
	private since = Infinity;
	private last?: Failure;
	private probing = false;
	private nextAt = -Infinity;

	constructor(
		private readonly clock: Clock,
		private readonly giveUpAfterMs: number,
	) {}

	/** Waits until a request makes sense; `undefined` if none does any more, or a stop was requested. */
	async enter(stop: Stop): Promise<Pass | undefined> {
		while (!this.over && !stop.requested) {
			if (this.losses < LOSSES) return { probe: false };
			if (!this.probing && this.clock.now() >= this.nextAt) {
				this.probing = true;
				return { probe: true };
			}
			await stop.cutShort(this.clock.sleep(LOOK_EVERY_MS));
		}
		return undefined;
	}

	leave({ probe }: Pass): void {
		if (probe) this.probing = false;
	}

	answered(): void {
		this.losses = 0;
		this.since = Infinity;
	}

	/** No answer of Ultimo's came to what was sent at `sentAt`, by the clock. */
	lost(failure: Failure, sentAt: number): void {
		this.last = failure;
		this.since = Math.min(this.since, sentAt);
		// What was under way beside the first ones tells no more than they do.
		if (this.losses >= LOSSES && sentAt < this.nextAt) return;
		const wait = FIRST_WAIT_MS * 2 ** Math.max(0, ++this.losses - LOSSES);
		this.nextAt = this.clock.now() + Math.min(LAST_WAIT_MS, wait);
	}

	/** Why nothing is sent any more, and for how many milliseconds no answer came. */
	get over(): { last: Failure; forMs: number } | undefined {
		const forMs = this.clock.now() - this.since;
		return this.last && forMs >= this.giveUpAfterMs ? { last: this.last, forMs } : undefined;
	}
}
