/** How much slower than an even spread of the limit, so that what trickles back suffices for all. */
const ROOM = 1.1;
const MOST_HALVINGS = 5;
/** So many refusals halve the pace; so many acceptances make up for one. */
const REFUSALS = 3;
const MAKE_UP = 40;
/** It doubles when nothing was refused for as long as so many requests take at an even spread. */
const CALM = 55;
/** What counts as refused after a doubling: one more takes it back. */
const ON_TRIAL = 2.4;

/**
 * Requests at even distances: the limit spread evenly, a half of that, a quarter, and so on.
 *
 * By powers of two, so that the paces of several processes fit into each other: where a gateway
 * wants a distance between any two requests, each process has to find its place between those of
 * the others only once. Where it only counts, any pace would do. A process that is alone is up to twice
 * as slow as a distance that lies between two paces.
 */
export class Pace {
	/** Below 0 for a pace that is faster than the even one. */
	private halvings = 0;
	/** Not made up for. */
	private refusals = 0;
	/** In a row. */
	private acceptances = 0;

	/**
	 * @param even milliseconds between two requests that are spread evenly, to begin with
	 * @param least the same at the fastest; 0 where nothing but refusals tells
	 */
	constructor(
		private readonly even: number,
		private readonly least = even,
	) {}

	/** Milliseconds between two requests. */
	get interval(): number {
		return this.even * ROOM * 2 ** this.halvings;
	}

	refused(): void {
		this.acceptances = 0;
		this.refusals++;
		if (this.refusals < REFUSALS || this.halvings === MOST_HALVINGS) return;
		this.halvings++;
		this.refusals = 0;
	}

	accepted(): void {
		this.acceptances++;
		this.refusals = Math.max(0, this.refusals - 1 / MAKE_UP);
		const calm = CALM / 2 ** this.halvings;
		const isFastest = this.even * 2 ** (this.halvings - 1) < this.least;
		if (isFastest || this.acceptances < calm) return;
		this.halvings--;
		this.acceptances = 0;
		this.refusals = ON_TRIAL;
	}
}
