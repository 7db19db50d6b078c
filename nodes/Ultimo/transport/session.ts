import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
} from 'n8n-workflow';

import { ACTIONS, actionUrl, type Action } from './endpoints';
import type { Failure } from './answer';
import { apiKeyOf, authenticated, environmentOf } from './credential';
import { gateOf, type Claim, type Gate } from './gate';
import { REQUESTS_PER_WINDOW } from './quota';
import { Stop } from './stop';

/** A node that runs, or its editor that looks something up. */
export type Caller = IExecuteFunctions | ILoadOptionsFunctions;

export interface Patience {
	/** Milliseconds to wait for the answer to one request. */
	timeout: number;
	/** Seconds after which to give up while Ultimo refuses everything for the quota. */
	giveUpAfter: number;
	/** How often a request may be repeated after a fault; without it as often as is good for a run. */
	repeats?: number;
}

/** How far a run is, for what it tells its builder. */
export interface Progress {
	readonly total: number;
	done: number;
	/** Items that wait for the quota at the moment. */
	waiting: number;
	/** Milliseconds that any item waited for it so far. */
	waitedMs: number;
}

/** What one execution of the node needs to talk to Ultimo. The credential is read once, here. */
export interface Session {
	readonly environment: string;
	readonly credential: ICredentialDataDecryptedObject;
	/** Milliseconds to wait for the answer to one request. */
	readonly timeout: number;
	readonly gate: Gate;
	/** How often a request may be repeated after a fault. */
	readonly repeats?: number;
	readonly claim: Omit<Claim, 'stops'>;
	/** The user's, which ends everything. */
	readonly stop: Stop;
	/** Lets items go on of which an answer was lost, and no others. */
	readonly halt: Stop;
	/** Items of which an answer was lost. */
	readonly unsure: Set<number>;
	/** What an earlier try of this run lost the answer to, by item. */
	readonly lostBefore: Map<number, Failure>;
	readonly progress: Progress;
	/** Why an action can't succeed in this run, once that is known; then it is not asked for again. */
	readonly closed: Map<Action, Failure>;
	/** Actions that did succeed; one refusal of theirs says nothing of the next. */
	readonly proven: Set<Action>;
	/** UltimoIds that this run has made; they are no answer to its other items. */
	readonly made: Set<string>;
}

/** @throws NodeOperationError when the credential can't be used */
export async function openSession(
	this: Caller,
	{ timeout, giveUpAfter, repeats }: Patience,
	total: number,
): Promise<Session> {
	const credential = await this.getCredentials('ultimoApi');
	try {
		const environment = environmentOf(credential);
		// n8n's helper would throw these only when it sends, and look as if the connection was lost.
		for (const action of Object.keys(ACTIONS) as Action[]) {
			authenticated(credential, { url: actionUrl(environment, action) });
		}
		const gate = gateOf(environment);
		const claim = {
			key: apiKeyOf(credential),
			limit: limitOf(credential),
			giveUpAfterMs: giveUpAfter * 1000,
			since: gate.clock.now(),
		};
		// The editor's look-ups have no signal, and older n8n none for any node.
		const signal = (this as Partial<IExecuteFunctions>).getExecutionCancelSignal?.();
		return {
			environment,
			credential,
			timeout,
			repeats,
			gate,
			claim,
			stop: Stop.of(signal),
			halt: new Stop(),
			progress: { total, done: 0, waiting: 0, waitedMs: 0 },
			unsure: new Set(),
			lostBefore: new Map(),
			closed: new Map(),
			proven: new Set(),
			made: new Set(),
		};
	} catch (error) {
		throw new NodeOperationError(this.getNode(), (error as Error).message, {
			description: 'Correct it in the credential "Ultimo API" of this node.',
		});
	}
}

/** Requests per window; 0 in the credential is for an environment without the quota. */
function limitOf({ requestsPer10Seconds: typed }: ICredentialDataDecryptedObject): number {
	const empty = typed === undefined || typed === null || String(typed).trim() === '';
	const limit = empty ? REQUESTS_PER_WINDOW : Number(typed);
	if (limit === 0) return Infinity;
	if (limit >= 1) return Math.floor(limit);
	throw new Error('Requests per 10 Seconds must be a whole number: 0 for no quota, or 1 and more');
}
