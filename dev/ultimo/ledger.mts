import type { IncomingHttpHeaders } from 'node:http';
import type { ActionName } from './contract.mts';
import type { FaultKind } from './faults.mts';
import type { Reservation } from './seed.mts';

export type Acted = 'cancelled' | 'created' | 'updated' | 'listed' | 'read' | null;

/** What really happened to a request, whatever its sender was told. */
export interface LedgerEntry {
	seq: number;
	/** Arrival in ms, by the server's clock. */
	at: number;
	/** Null for the REST objects, whose `acted` is 'read', and for what is not there. */
	action: ActionName | null;
	applicationElementId: string | null;
	apiKeyOk: boolean;
	method: string;
	path: string;
	/** ApiKey's value is masked. */
	headers: IncomingHttpHeaders;
	/** Parsed when it is JSON, else as it came. */
	body: unknown;
	/** Of the answer; null while it is under way, and when the connection was reset. */
	status: number | null;
	/** The answer's body as it was sent; null as with `status`. */
	answer: string | null;
	acted: Acted;
	/** The reservation that was acted on. */
	ultimoId: string | null;
	fault?: FaultKind;
}

/** How often a reservation really was cancelled: each time counts, also when it already was. */
export const cancellations = (ledger: LedgerEntry[], ultimoId: string) =>
	ledger.filter((entry) => entry.acted === 'cancelled' && entry.ultimoId === ultimoId).length;

/** One row a reservation; `requests` are those that named it, whatever became of them. */
export function table(ledger: LedgerEntry[], reservations: Map<string, Reservation>) {
	const rows = new Map(
		[...reservations.values()].map(({ UltimoId, status }) => [
			UltimoId,
			{ UltimoId, status, timesCancelled: 0, requests: 0 },
		]),
	);
	for (const entry of ledger) {
		const named = (entry.body as { UltimoId?: unknown } | null | undefined)?.UltimoId;
		const row = rows.get(entry.ultimoId ?? String(named));
		if (!row) continue;
		row.requests++;
		if (entry.acted === 'cancelled') row.timesCancelled++;
	}
	return [...rows.values()];
}

/** `accepted` were carried out, `overQuota` answered 429, `refused` answered without having been
 * carried out; one under way or reset before it was carried out is only among the `requests`. */
export interface Counts {
	requests: number;
	accepted: number;
	overQuota: number;
	refused: number;
}

/** Of the requests that arrived after `since`. */
export function count(ledger: LedgerEntry[], since = -Infinity): Counts {
	const counts: Counts = { requests: 0, accepted: 0, overQuota: 0, refused: 0 };
	for (let index = ledger.length - 1; index >= 0 && ledger[index].at > since; index--) {
		const { acted, status } = ledger[index];
		counts.requests++;
		if (acted) counts.accepted++;
		else if (status === 429) counts.overQuota++;
		else if (status !== null) counts.refused++;
	}
	return counts;
}
