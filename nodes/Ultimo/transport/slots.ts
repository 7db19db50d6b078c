import { WINDOW_MS } from './limits';

/** What is used of a window: a request takes a slot until one window after its answer arrived. */
export class Slots {
	inFlight = 0;
	/** When the answers arrived, oldest first. */
	private answers: number[] = [];

	/** Milliseconds until fewer than `most` are used; `undefined` when only an answer can tell. */
	wait(now: number, most: number): number | undefined {
		const used = this.used(now);
		if (used < most) return 0;
		const oldest = this.answers[used - most];
		return oldest === undefined ? undefined : oldest + WINDOW_MS - now;
	}

	used(now: number): number {
		return this.inFlight + this.recent(now);
	}

	/** How many answers arrived in the last window. */
	recent(now: number): number {
		let old = 0;
		while (old < this.answers.length && this.answers[old] + WINDOW_MS <= now) old++;
		if (old > 0) this.answers.splice(0, old);
		return this.answers.length;
	}

	/** When the first of them is a window old. */
	get firstFree(): number {
		return (this.answers[0] ?? Infinity) + WINDOW_MS;
	}

	answered(now: number): void {
		this.inFlight--;
		this.answers.push(now);
	}
}
