import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { html, missingApiKey, quotaExceeded, type Action, type Answer } from './contract.mts';
import { instead, reset, spoilt, type FaultKind } from './faults.mts';
import type { LedgerEntry } from './ledger.mts';
import type { UltimoOptions } from './options.mts';
import { retryAfterHeader, type Quota } from './quota.mts';
import type { Rooms } from './rooms.mts';

export interface Environment {
	options: UltimoOptions;
	rooms: Rooms;
	ledger: LedgerEntry[];
	quota: Quota;
	rollFault: () => FaultKind | undefined;
}

const asId = (text: unknown) => String(text).replaceAll('-', '').toLowerCase();

function parsed(body: unknown): unknown {
	if (typeof body !== 'string') return undefined;
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}

export function enterInLedger(environment: Environment, request: FastifyRequest): LedgerEntry {
	const { options, ledger } = environment;
	const { apikey, ...headers } = request.headers;
	const entry: LedgerEntry = {
		seq: ledger.length + 1,
		at: options.clock(),
		action: null,
		applicationElementId: (headers.applicationelementid as string | undefined) ?? null,
		apiKeyOk: apikey === options.apiKey,
		method: request.method,
		path: request.url,
		headers: apikey === undefined ? headers : { ...headers, apikey: '***' },
		body: parsed(request.body),
		status: null,
		answer: null,
		acted: null,
		ultimoId: null,
	};
	ledger.push(entry);
	return entry;
}

/** Carries out one action, or doesn't: fills in the ledger's entry and gives what to send. */
export async function answerTo(
	environment: Environment,
	action: Action | undefined,
	entry: LedgerEntry,
): Promise<Answer | typeof reset> {
	const { options, rooms, quota } = environment;
	if (!action) return html(404, '404 - File or directory not found.');
	entry.action = action.name;
	if (entry.method !== 'POST')
		return { ...html(405, '405 - Method not allowed.'), headers: { Allow: 'POST' } };

	// Drawn before anything can refuse, so that the n-th request meets the same fault in each run.
	const fault = environment.rollFault();
	if (!entry.apiKeyOk) return missingApiKey();
	const freeAt = quota.ask(entry.at, options);
	if (freeAt !== undefined)
		return quotaExceeded(429, retryAfterHeader(options.retryAfter, entry.at, freeAt));
	if (
		asId(entry.applicationElementId) !== asId(options.workflowIds[action.name] ?? action.elementId)
	)
		return { status: 403, payload: '', contentType: '' };

	if (fault) entry.fault = fault;
	const { latencyMs } = options;
	const delay =
		(typeof latencyMs === 'function' ? latencyMs() : latencyMs) +
		(fault === 'slow' ? (options.faults?.slowMs ?? 300) : 0);
	if (delay > 0) await wait(delay);

	const refusal = instead(fault);
	if (refusal) return refusal;
	const { answer, acted, ultimoId } = rooms.act(action, entry.body);
	entry.acted = acted;
	entry.ultimoId = ultimoId;
	return spoilt(fault, answer);
}
