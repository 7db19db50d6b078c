const stops = new WeakMap<AbortSignal, Stop>();

/**
 * Whether to stop: because the user stopped the execution, or because of {@link request}. One
 * listener on n8n's signal for any number of waiters and, in a loop, of runs: with a listener each,
 * Node.js warns of a leak from the eleventh on.
 */
export class Stop {
	private readonly waiters = new Set<() => void>();

	private isRequested = false;

	/** @param wider a stop that ends what this one ends as well */
	constructor(private readonly wider?: Stop) {}

	/** The stop of the execution that this signal of n8n's belongs to. */
	static of(signal: AbortSignal | undefined): Stop {
		const known = signal && stops.get(signal);
		if (known) return known;
		const stop = new Stop();
		if (signal) {
			stops.set(signal, stop);
			if (signal.aborted) stop.request();
			else signal.addEventListener('abort', () => stop.request(), { once: true });
		}
		return stop;
	}

	get requested(): boolean {
		return this.isRequested || this.wider?.requested === true;
	}

	request(): void {
		this.isRequested = true;
		for (const end of [...this.waiters]) end();
	}

	/** Calls `end` when the stop comes, unless the returned function was called before. */
	onRequest(end: () => void): () => void {
		this.waiters.add(end);
		const forget = this.wider?.onRequest(end);
		return () => {
			this.waiters.delete(end);
			forget?.();
		};
	}

	/** Ends with the wait or with the stop, whichever is first. */
	async cutShort(wait: Promise<void>): Promise<void> {
		if (this.requested) return;
		await new Promise<void>((resolve) => {
			const forget = this.onRequest(resolve);
			void wait.then(() => {
				forget();
				resolve();
			});
		});
	}
}
