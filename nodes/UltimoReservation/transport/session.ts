import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
} from 'n8n-workflow';

import type { Action } from './actions';
import type { Failure } from './answer';
import { environmentOf } from './credential';
import { gateOf, type Claim, type Gate } from './gate';
import { Stop } from './stop';

/** A node that runs, or its editor that looks something up. */
export type Caller = IExecuteFunctions | ILoadOptionsFunctions;

export interface Patience {
	/** Milliseconds to wait for the answer to one request. */
	timeout: number;
	/** Seconds after which to give up while Ultimo refuses everything for the quota. */
	giveUpAfter: number;
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
	readonly claim: Claim;
	readonly progress: Progress;
	/** Why an action can't succeed in this run, once that is known; then it is not asked for again. */
	readonly closed: Map<Action, Failure>;
}

/** @throws NodeOperationError when the credential can't be used */
export async function openSession(
	this: Caller,
	{ timeout, giveUpAfter }: Patience,
	total: number,
): Promise<Session> {
	const credential = await this.getCredentials('ultimoApi');
	try {
		const environment = environmentOf(credential);
		const gate = gateOf(environment);
		const claim = {
			limit: limitOf(credential),
			giveUpAfterMs: giveUpAfter * 1000,
			since: gate.clock.now(),
			stop: new Stop(
				'getExecutionCancelSignal' in this ? this.getExecutionCancelSignal() : undefined,
			),
		};
		const progress = { total, done: 0, waiting: 0, waitedMs: 0 };
		return { environment, credential, timeout, gate, claim, progress, closed: new Map() };
	} catch (error) {
		throw new NodeOperationError(this.getNode(), (error as Error).message, {
			description: 'Correct it in the credential "Ultimo API" of this node.',
		});
	}
}

/** Requests per window; 0 in the credential is for an environment without the quota. */
function limitOf({ requestsPer10Seconds = 100 }: ICredentialDataDecryptedObject): number {
	const limit = Math.floor(Number(requestsPer10Seconds));
	if (limit >= 0) return limit === 0 ? Infinity : limit;
	throw new Error('Requests per 10 Seconds must be a number, 0 or more');
}
