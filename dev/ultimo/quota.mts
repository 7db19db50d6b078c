import type { UltimoOptions } from './options.mts';

const dayMs = 86_400_000;

interface Window {
	count(now: number): void;
	/** When the next request fits under the limit: `now` or later, in ms. */
	freeAt(now: number, limit: number): number;
}

/** Aligned to the clock. */
class FixedWindow implements Window {
	#index = -1;
	#used = 0;
	constructor(private readonly lengthMs: number) {}

	count(now: number) {
		this.#turn(now);
		this.#used++;
	}

	freeAt(now: number, limit: number) {
		this.#turn(now);
		return this.#used < limit ? now : (this.#index + 1) * this.lengthMs;
	}

	#turn(now: number) {
		const index = Math.floor(now / this.lengthMs);
		if (index !== this.#index) this.#used = 0;
		this.#index = index;
	}
}

class SlidingWindow implements Window {
	#times: number[] = [];
	#first = 0;
	constructor(private readonly lengthMs: number) {}

	count(now: number) {
		this.#times.push(now);
	}

	freeAt(now: number, limit: number) {
		while (this.#times[this.#first] <= now - this.lengthMs) this.#first++;
		// Array.shift() for each would cost a move of all; this costs one move per element in all.
		if (this.#first * 2 > this.#times.length) {
			this.#times = this.#times.slice(this.#first);
			this.#first = 0;
		}
		const used = this.#times.length - this.#first;
		return used < limit ? now : this.#times[this.#times.length - limit] + this.lengthMs;
	}
}

type Rules = Pick<
	UltimoOptions,
	'requestsPerWindow' | 'windowMs' | 'windowKind' | 'requestsPerDay' | 'refusedCount' | 'retryAfter'
>;

export class Quota {
	readonly #window: Window;
	readonly #day = new FixedWindow(dayMs);

	constructor({ windowKind, windowMs }: Rules) {
		this.#window = windowKind === 'fixed' ? new FixedWindow(windowMs) : new SlidingWindow(windowMs);
	}

	/** Counts a request: undefined when it is admitted, else the time from which one would be. */
	ask(now: number, rules: Rules): number | undefined {
		const limits: Array<[Window, number]> = [
			[this.#window, rules.requestsPerWindow],
			[this.#day, rules.requestsPerDay],
		];
		let freeAt = now;
		for (const [window, limit] of limits)
			if (limit > 0) freeAt = Math.max(freeAt, window.freeAt(now, limit));
		const refused = freeAt > now;
		if (!refused || rules.refusedCount)
			for (const [window, limit] of limits) if (limit > 0) window.count(now);
		return refused ? freeAt : undefined;
	}
}

/** Rounded up to whole seconds, as both of the header's forms are coarser than the quota. */
export function retryAfterHeader(form: UltimoOptions['retryAfter'], now: number, freeAt: number) {
	if (form === 'none') return undefined;
	return {
		'Retry-After':
			form === 'seconds'
				? String(Math.ceil((freeAt - now) / 1000))
				: new Date(Math.ceil(freeAt / 1000) * 1000).toUTCString(),
	};
}
