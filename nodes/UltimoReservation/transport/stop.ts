/**
 * Whether the execution was stopped. One listener on n8n's signal for any number of waiters: with
 * a listener each, Node.js warns of a leak from the eleventh on.
 */
export class Stop {
	private readonly waiters = new Set<() => void>();

	constructor(private readonly signal?: AbortSignal) {
		signal?.addEventListener('abort', () => [...this.waiters].forEach((end) => end()), {
			once: true,
		});
	}

	get requested(): boolean {
		return this.signal?.aborted ?? false;
	}

	/** Calls `end` when the stop comes, unless the returned function was called before. */
	onRequest(end: () => void): () => void {
		this.waiters.add(end);
		return () => this.waiters.delete(end);
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
