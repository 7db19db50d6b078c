import type { Item } from '../n8n/execution.mts';
import type { LocalUltimo } from '../ultimo/server.mts';
import type { Reply } from './job.mts';

/** What n8n has kept of an execution, read as its editor reads it. */
export interface Kept {
	id: string;
	status: string;
	/** The reservations that its webhook was called with; none if nothing of it was kept. */
	asked: string[];
	/** What the Cancel node gave. */
	items: Array<Item['json']>;
	error?: string;
}

/** One run as both sides tell it. */
export interface Account {
	reservations: number;
	/** Ultimo's side. */
	once: number;
	more: number;
	never: number;
	refusedForQuota: number;
	/** n8n's side: how many executions ended how. */
	executions: Record<string, number>;
	/** What the callers of the webhooks saw. */
	replies: Record<string, number>;
	/** Items that say what is so. */
	trueItems: number;
	/** Sentences, one for each item that says otherwise. */
	lies: string[];
	/** Sentences, one for each execution or answer that claims a success which is none. */
	silent: string[];
	/** Reservations that no item is about. */
	untold: number;
	/** From the first request to the last reservation's cancellation. */
	seconds: number;
}

interface Evidence {
	ids: string[];
	ultimo: Pick<LocalUltimo, 'cancellations' | 'ledger'>;
	executions: Kept[];
	replies: Reply[];
	/** Only what happened later counts, for a repeat. */
	since?: number;
}

type Json = Kept['items'][number];

export const tally = (values: Array<string | number>) => {
	const counts: Record<string, number> = {};
	for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
	return counts;
};

function isTrue(
	{ UltimoId, cancelled, skipped, error }: Json,
	ultimo: Evidence['ultimo'],
): boolean {
	const done = ultimo.cancellations(String(UltimoId)) > 0;
	if (cancelled === true) return done;
	// Skipped for "is cancelled already".
	if (skipped === true) return done;
	if (!error) return false;
	const { outcome } = error as { outcome?: string };
	return outcome === 'unknown' || !done;
}

/** What is lost without a word: no failure elsewhere excuses it, so each call is looked at by itself. */
function silentLosses({ ultimo, executions, replies }: Evidence): string[] {
	const successes = executions.filter(({ status }) => status === 'success');
	const lost = successes.flatMap(({ id, asked, items }) => {
		const told = new Set(items.map(({ UltimoId }) => UltimoId));
		const untold = asked.filter((one) => !told.has(one)).length;
		const never = asked.filter((one) => ultimo.cancellations(one) === 0).length;
		return [
			...(asked.length === 0 ? [`execution ${id} succeeded with nothing asked of it`] : []),
			...(untold > 0 ? [`execution ${id} succeeded, but has no item for ${untold}`] : []),
			...(never > 0 ? [`execution ${id} succeeded, but did not cancel ${never}`] : []),
		];
	});
	// No two calls have a reservation in common.
	const succeeded = new Set(successes.map(({ asked }) => asked.join()));
	const praised = replies.filter(({ status, ids }) => status === 200 && !succeeded.has(ids.join()));
	return [
		...lost,
		...praised.map(({ ids }) => `the caller with ${ids[0]} was told of a success that is none`),
	];
}

export function takeAccount(evidence: Evidence): Account {
	const { ids, ultimo, executions, replies, since = 0 } = evidence;
	const times = ids.map((id) => ultimo.cancellations(id));
	const items = executions.flatMap((execution) => execution.items);
	const told = new Set(items.map((json) => json.UltimoId));
	const entries = ultimo.ledger.filter(({ at }) => at >= since);
	const cancelled = entries.filter(({ acted }) => acted === 'cancelled');
	const [first] = entries;
	const last = cancelled[cancelled.length - 1];
	return {
		reservations: ids.length,
		once: times.filter((count) => count === 1).length,
		more: times.filter((count) => count > 1).length,
		never: times.filter((count) => count === 0).length,
		refusedForQuota: entries.filter(({ status }) => status === 429).length,
		executions: tally(executions.map(({ status }) => status)),
		replies: tally(replies.map(({ status }) => status)),
		trueItems: items.filter((json) => isTrue(json, ultimo)).length,
		lies: items
			.filter((json) => !isTrue(json, ultimo))
			.map((json) => `n8n says ${JSON.stringify(json)}, which Ultimo's side denies`),
		silent: silentLosses(evidence),
		untold: ids.filter((id) => !told.has(id)).length,
		seconds: last ? (last.at - first.at) / 1000 : 0,
	};
}
