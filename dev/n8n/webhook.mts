import { setTimeout as sleep } from 'node:timers/promises';

const REGISTERED_MS = 60_000;

/**
 * Calls the webhook of an active workflow; n8n says that it is active a little before its webhook is
 * there. Without `patienceMs` it waits for the answer as long as `fetch` does.
 */
export async function callWebhook(
	url: string,
	body: object = {},
	patienceMs?: number,
	headers: Record<string, string> = {},
): Promise<Response> {
	const until = Date.now() + REGISTERED_MS;
	for (;;) {
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', ...headers },
			body: JSON.stringify(body),
			signal: patienceMs === undefined ? undefined : AbortSignal.timeout(patienceMs),
		});
		if (response.status !== 404 || Date.now() > until) return response;
		await sleep(100);
	}
}
