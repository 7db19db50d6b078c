/** A gateway's rule: whether it lets a request through that arrives now. Times in ms. */
export interface Limiter {
	accepts(now: number): boolean;
}

const WINDOW_MS = 10_000;
const LIMIT = 100;
const MS_A_REQUEST = WINDOW_MS / LIMIT;

/** No span of a window's length holds more than the limit. */
class SlidingLog implements Limiter {
	private times: number[] = [];

	constructor(private readonly refusedCount: boolean) {}

	accepts(now: number): boolean {
		while (this.times[0] <= now - WINDOW_MS) this.times.shift();
		const free = this.times.length < LIMIT;
		if (free || this.refusedCount) this.times.push(now);
		return free;
	}
}

/** Starts to count anew at each full window. */
class FixedWindow implements Limiter {
	private window = -1;
	private used = 0;

	constructor(
		private readonly refusedCount: boolean,
		private readonly phase: number,
	) {}

	accepts(now: number): boolean {
		const window = Math.floor((now + this.phase) / WINDOW_MS);
		if (window !== this.window) this.used = 0;
		this.window = window;
		const free = this.used < LIMIT;
		if (free || this.refusedCount) this.used++;
		return free;
	}
}

/** Adds the part of the previous window that a window up to now would hold (HAProxy, Cloudflare). */
class SlidingCounter implements Limiter {
	private window = -1;
	private previous = 0;
	private used = 0;

	constructor(
		private readonly refusedCount: boolean,
		private readonly phase: number,
	) {}

	accepts(now: number): boolean {
		const at = (now + this.phase) / WINDOW_MS;
		const window = Math.floor(at);
		if (window !== this.window) {
			this.previous = window === this.window + 1 ? this.used : 0;
			this.used = 0;
			this.window = window;
		}
		const free = this.previous * (window + 1 - at) + this.used + 1 <= LIMIT;
		if (free || this.refusedCount) this.used++;
		return free;
	}
}

/** Holds `depth` requests at most and gets one more each 100 ms; with a depth of 1: strict spacing. */
class Bucket implements Limiter {
	private tokens: number;
	private at = 0;

	constructor(
		private readonly refusedCount: boolean,
		private readonly depth: number,
	) {
		this.tokens = depth;
	}

	accepts(now: number): boolean {
		this.tokens = Math.min(this.depth, this.tokens + (now - this.at) / MS_A_REQUEST);
		this.at = now;
		// A timer's millisecond is no haste.
		const free = this.tokens >= 1 - 1e-6;
		if (free) this.tokens--;
		// A debt of a window at most, as in a queue of that length.
		else if (this.refusedCount) this.tokens = Math.max(-LIMIT, this.tokens - 1);
		return free;
	}
}

export interface Kind {
	name: string;
	/** Whether the time is given back at once, so that bursts are good, or bit by bit. */
	trickles: boolean;
	create(refusedCount: boolean, phase: number): Limiter;
	/** The least time for so many requests, in ms, for one who can't know the phase. */
	bound(count: number): number;
}

const windows = (count: number) => (Math.ceil(count / LIMIT) - 1) * WINDOW_MS;
const bucket = (depth: number) => (count: number) => Math.max(0, count - depth) * MS_A_REQUEST;

export const KINDS: Kind[] = [
	{
		name: 'sliding log',
		trickles: false,
		create: (refusedCount) => new SlidingLog(refusedCount),
		bound: windows,
	},
	{
		name: 'fixed window',
		trickles: false,
		create: (refusedCount, phase) => new FixedWindow(refusedCount, phase),
		bound: windows,
	},
	{
		name: 'sliding counter',
		trickles: true,
		create: (refusedCount, phase) => new SlidingCounter(refusedCount, phase),
		bound: (count) => (count <= LIMIT ? 0 : WINDOW_MS + (count - LIMIT) * MS_A_REQUEST),
	},
	...[100, 20, 1].map((depth) => ({
		name: depth === 1 ? 'spacing of 100 ms' : `bucket of ${depth}`,
		trickles: true,
		create: (refusedCount: boolean) => new Bucket(refusedCount, depth),
		bound: bucket(depth),
	})),
];
