import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { html, missingApiKey, quotaExceeded, type Action, type Answer } from './contract.mts';
import { instead, reset, spoilt, type FaultKind } from './faults.mts';
import type { LedgerEntry } from './ledger.mts';
import { readObjects, type ObjectRequest } from './objects.mts';
import type { UltimoOptions } from './options.mts';
import { retryAfterHeader, type Quota } from './quota.mts';
import type { Outcome, Rooms } from './rooms.mts';

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

const isKnown = ({ apiKey, otherKeys }: UltimoOptions, key: unknown) =>
	key === apiKey || (typeof key === 'string' && Object.hasOwn(otherKeys, key));

export function enterInLedger(environment: Environment, request: FastifyRequest): LedgerEntry {
	const { options, ledger } = environment;
	const { apikey, ...headers } = request.headers;
	const entry: LedgerEntry = {
		seq: ledger.length + 1,
		at: options.clock(),
		action: null,
		applicationElementId: (headers.applicationelementid as string | undefined) ?? null,
		apiKeyOk: isKnown(options, apikey),
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

/** One thing that can be asked of an environment. */
interface Task {
	method: 'GET' | 'POST';
	/** Without it a key that the environment knows is enough. */
	action?: Action;
	carryOut(): Outcome;
}

export const actionTask = ({ rooms }: Environment, action: Action, entry: LedgerEntry): Task => ({
	method: 'POST',
	action,
	carryOut: () => rooms.act(action, entry.body),
});

/** `key`: the request's ApiKey. */
export const objectTask = (
	{ rooms, options }: Environment,
	request: ObjectRequest,
	key: unknown,
): Task => ({
	method: 'GET',
	carryOut() {
		const rights = key === options.apiKey ? {} : options.otherKeys[String(key)];
		const answer = readObjects(request, rooms, options, rights);
		return { answer, acted: answer.status === 200 ? 'read' : null, ultimoId: null };
	},
});

/** Carries out one task, or doesn't: fills in the ledger's entry and gives what to send. */
export async function answerTo(
	environment: Environment,
	task: Task | undefined,
	entry: LedgerEntry,
): Promise<Answer | typeof reset> {
	const { options, quota } = environment;
	if (!task) return html(404, '404 - File or directory not found.');
	const { method, action } = task;
	entry.action = action?.name ?? null;
	if (entry.method !== method)
		return { ...html(405, '405 - Method not allowed.'), headers: { Allow: method } };

	// Drawn before anything can refuse, so that the n-th request meets the same fault in each run.
	const fault = environment.rollFault();
	if (!entry.apiKeyOk) return missingApiKey(options.wrongKeyCode);
	const freeAt = quota.ask(entry.at, options);
	if (freeAt !== undefined)
		return quotaExceeded(429, retryAfterHeader(options.retryAfter, entry.at, freeAt));
	const elementId = action && (options.workflowIds[action.name] ?? action.elementId);
	if (elementId !== undefined && asId(entry.applicationElementId) !== asId(elementId))
		return { status: 403, payload: '', contentType: '' };

	if (fault) entry.fault = fault;
	const { latencyMs } = options;
	const delay =
		(typeof latencyMs === 'function' ? latencyMs() : latencyMs) +
		(fault === 'slow' ? (options.faults?.slowMs ?? 300) : 0);
	if (delay > 0) await wait(delay);

	const refusal = instead(fault);
	if (refusal) return refusal;
	const { answer, acted, ultimoId } = task.carryOut();
	entry.acted = acted;
	entry.ultimoId = ultimoId;
	return spoilt(fault, answer);
}
