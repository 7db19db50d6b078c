import type { IExecuteFunctions } from 'n8n-workflow';

import type { Run } from '../transport/run';

const TELL_EVERY_MS = 3_000;
/** A shorter wait needs no explanation. */
const LONG_WAIT_MS = 5_000;

/**
 * Waits for the work, and explains waiting for the quota: while it lasts in the browser's console,
 * which is all that n8n lets a running node write to, and afterwards as a hint at the output, with
 * all that the run has noted.
 */
export async function tellProgress(
	n8n: IExecuteFunctions,
	{ connection, notes, progress, waits }: Run,
	work: Promise<unknown>,
): Promise<void> {
	let finished = false;
	const end = work.finally(() => (finished = true));
	while (!finished && n8n.getMode() === 'manual') {
		await Promise.race([end, connection.gate.clock.sleep(TELL_EVERY_MS)]);
		if (finished || waits.items === 0) continue;
		n8n.sendMessageToUI(
			`${progress.done} of ${progress.total} items done, waiting for Ultimo's quota`,
		);
	}
	await end;

	if (waits.ms >= LONG_WAIT_MS) {
		const seconds = Math.round(waits.ms / 1000);
		notes.add(
			`This run waited ${seconds} s for Ultimo's quota, which everything that talks to Ultimo shares.`,
		);
	}
	// Older n8n has no hints.
	for (const message of notes) {
		n8n.addExecutionHints?.({ message, type: 'info', location: 'outputPane' });
	}
}
