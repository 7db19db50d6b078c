type Cleanup = () => Promise<void>;

const pending = new Set<Cleanup>();
let ending = false;

async function runAll() {
	await Promise.allSettled([...pending].map(async (cleanup) => await cleanup()));
}

function onSignal(signal: 'SIGINT' | 'SIGTERM') {
	const code = signal === 'SIGINT' ? 130 : 143;
	// An impatient second Ctrl-C does not wait; execa still signals the children then.
	if (ending) process.exit(code);
	ending = true;
	void runAll().finally(() => process.exit(code));
}

/** Ends a program that has said what it has to say, whatever still listens or waits. */
export function leave(): void {
	// After a signal, the cleanups are not over yet; they end the process themselves.
	if (!ending) process.exit(process.exitCode ?? 0);
}

/**
 * Runs `cleanup` when the process is interrupted, unless the returned function was called first.
 * Errors go through `finally` blocks by themselves; signals do not.
 */
export function onInterrupt(cleanup: Cleanup): () => void {
	if (pending.size === 0) {
		process.on('SIGINT', onSignal);
		process.on('SIGTERM', onSignal);
	}
	pending.add(cleanup);
	return () => {
		pending.delete(cleanup);
		if (pending.size > 0 || ending) return;
		process.off('SIGINT', onSignal);
		process.off('SIGTERM', onSignal);
	};
}
