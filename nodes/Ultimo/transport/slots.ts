import { WINDOW_MS } from './limits';

/** What is used of a window: a request takes a slot until one window after its answer arrived. */
export class Slots {
	inFlight = 0;
	/** When the slots of the answers are free again, the first one first. */
	private readonly freeAt: number[] = [];

	/** Milliseconds until fewer than `most` are used; `Infinity` when only an answer can tell. */
	wait(now: number, most: number): number {
		const used = this.used(now);
		return used < most ? 0 : (this.freeAt[used - most] ?? Infinity) - now;
	}

	used(now: number): number {
		return this.inFlight + this.recent(now);
	}

	/** How many answers arrived in the last window. */
	recent(now: number): number {
		while (this.firstFree <= now) this.freeAt.shift();
		return this.freeAt.length;
	}

	/** When the first answer is a window old. */
	get firstFree(): number {
		return this.freeAt[0] ?? Infinity;
	}

	answered(now: number): void {
		this.inFlight--;
		this.freeAt.push(now + WINDOW_MS);
	}
}
