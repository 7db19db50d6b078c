import {
	NodeApiError,
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INode,
} from 'n8n-workflow';

import { actionUrl, type Action } from './actions';
import { readAnswer, readNetworkError, type Answer, type Failure, type HttpAnswer } from './answer';
import { environmentOf } from './credential';
import { gateOf, type Claim, type Gate, type NoEntry } from './gate';
import type { Ticket } from './quota';
import { waitBeforeRepeat } from './retry';
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
	/** Why nothing more can succeed, once that is so; then nothing more is sent. */
	closed?: Failure;
}

/** An action to ask for, and what a lost answer to it means. */
export interface Ask {
	action: Action;
	body: IDataObject;
	/** Whether the action done twice has the effect of once, so that a lost answer may be repeated. */
	repeatable: boolean;
	/** What the reservation probably is when the answer was lost: "cancelled". */
	done: string;
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
			limit: Number(credential.requestsPer10Seconds ?? 100) || Infinity,
			giveUpAfterMs: giveUpAfter * 1000,
			since: gate.clock.now(),
			stop: new Stop(
				'getExecutionCancelSignal' in this ? this.getExecutionCancelSignal() : undefined,
			),
		};
		const progress = { total, done: 0, waiting: 0, waitedMs: 0 };
		return { environment, credential, timeout, gate, claim, progress };
	} catch (error) {
		throw new NodeOperationError(this.getNode(), (error as Error).message, {
			description: 'Correct it in the credential "Ultimo API" of this node.',
		});
	}
}

/**
 * Asks Ultimo for an action until an answer stands, within the quota and our patience.
 * @returns the answer's `properties`
 * @throws NodeApiError whose `context` holds {@link Failure}'s `outcome`, `code` and `httpStatus`
 */
export async function askUltimo(
	this: Caller,
	session: Session,
	ask: Ask,
	itemIndex: number,
): Promise<IDataObject> {
	const { clock } = session.gate;
	let lost: Failure | undefined;
	let refusal: Failure | undefined;
	for (let repeats = 0; ;) {
		const answer = await sendOnce.call(this, session, ask);
		if ('properties' in answer) return answer.properties;
		const { failure } = answer;

		if (failure.quota) {
			refusal = failure;
			continue;
		}
		if (failure.outcome === 'unknown') lost = failure;
		const wait = waitBeforeRepeat(failure, repeats++, ask.repeatable, clock.random());
		if (wait === undefined) {
			throw apiError(this.getNode(), wholeTruth(failure, lost, refusal, ask.done), itemIndex);
		}
		await session.claim.stop.cutShort(clock.sleep(wait));
	}
}

/** One request at most: it is not sent when the session is closed or becomes so while it waits. */
async function sendOnce(this: Caller, session: Session, ask: Ask): Promise<Answer> {
	const { gate } = session;
	const ticket = await enter(session);
	if (ticket === 'stopped') session.closed ??= STOPPED;
	else if (ticket === 'stalled') session.closed ??= gaveUp(session);
	if (typeof ticket === 'string' || session.closed) {
		if (typeof ticket !== 'string') gate.unused(ticket);
		return {
			failure: { ...(session.closed as Failure), outcome: 'notSent', httpStatus: undefined },
		};
	}

	const answer = await send.call(this, session, ask);
	if ('properties' in answer) {
		gate.accepted(ticket);
		return answer;
	}
	const { failure } = answer;
	if (failure.quota) gate.refused(ticket, failure);
	else if (failure.httpStatus === undefined) gate.lost(ticket);
	else gate.accepted(ticket);
	if (failure.permanent) session.closed ??= failure;
	return answer;
}

/** Through the gate, with the time that any item waited there counted once. */
async function enter({ gate, claim, progress }: Session): Promise<Ticket | NoEntry> {
	if (progress.waiting++ === 0) progress.waitedMs -= gate.clock.now();
	const ticket = await gate.enter(claim);
	if (--progress.waiting === 0) progress.waitedMs += gate.clock.now();
	return ticket;
}

/** The one place that calls n8n's HTTP helper for a node: one call, one request, no redirect. */
async function send(this: Caller, session: Session, ask: Ask): Promise<Answer> {
	const body = JSON.stringify(ask.body);
	try {
		const answer = (await this.helpers.httpRequestWithAuthentication.call(
			this,
			'ultimoApi',
			{
				method: 'POST',
				url: actionUrl(session.environment, ask.action),
				headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
				body,
				timeout: session.timeout,
				// The status is data: n8n sends a request again by itself when its helper throws on 401.
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
				// As text, because a parser of n8n's would hide that a body was cut off.
				encoding: 'text',
				disableFollowRedirect: true,
			},
			// Saves n8n from reading and decrypting the credential for every request.
			{ credentialsDecrypted: { id: '', name: '', type: 'ultimoApi', data: session.credential } },
		)) as HttpAnswer;
		return readAnswer(answer, Buffer.byteLength(body), Date.now());
	} catch (error) {
		return { failure: readNetworkError(error) };
	}
}

const STOPPED: Failure = {
	outcome: 'notSent',
	// By the word "canceled" n8n knows that this was no failure.
	message: 'The execution was canceled',
	advice: 'Run the workflow again for what is missing.',
	permanent: true,
};

function gaveUp({ gate, progress: { done, total } }: Session): Failure {
	const seconds = (ms: number) => `${Math.ceil(ms / 1000)} seconds`;
	const refusal = gate.lastRefusal as Failure;
	return {
		...refusal,
		message: `${refusal.message} (Ultimo accepted nothing for ${seconds(gate.stalledFor())}; ${done} of ${total} items are done)`,
		advice: refusal.quota?.retryAfterMs
			? `Ultimo asks to come back in ${seconds(gate.pausedFor())}, longer than Give Up After allows.`
			: 'The 10,000 requests of the day are probably used up. Run the rest tomorrow, or find out what else uses the quota.',
		quota: undefined,
		permanent: true,
	};
}

/** What is known of the reservation after all tries, which may be less than the last answer says. */
function wholeTruth(
	failure: Failure,
	lost: Failure | undefined,
	refusal: Failure | undefined,
	done: string,
): Failure {
	if (lost && failure.outcome !== 'unknown') {
		const likely = failure.outcome === 'refused' ? 'is probably' : 'may be';
		return {
			...failure,
			outcome: 'unknown',
			advice: `The answer to an earlier try was lost (${lost.message}), so the reservation ${likely} ${done}. Look in Ultimo before you repeat it.`,
		};
	}
	if (refusal && failure.outcome === 'notSent') {
		return { ...failure, outcome: 'refused', httpStatus: refusal.httpStatus };
	}
	return failure;
}

/** The one place where an error of the API is built; it is never wrapped again. */
function apiError(node: INode, failure: Failure, itemIndex: number): NodeApiError {
	const { message, code, advice, httpStatus, outcome } = failure;
	const error = new NodeApiError(
		node,
		{},
		{
			message,
			description: advice,
			httpCode: httpStatus === undefined ? undefined : String(httpStatus),
			itemIndex,
		},
	);
	// n8n swaps messages that contain the letters of a Node.js code ("pre-EEXISTing") for its own.
	error.message = code ? `${message} [${code}]` : message;
	Object.assign(error.context, { outcome, code, httpStatus });
	return error;
}
