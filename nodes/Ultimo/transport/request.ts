import type { IDataObject } from 'n8n-workflow';

import { actionUrl, type Action } from './endpoints';
import { readAnswer, type Answer, type Failure, type HttpAnswer } from './answer';
import { apiError, gaveUp, HALTED, STOPPED, wholeTruth } from './errors';
import type { NoEntry } from './gate';
import { readNetworkError } from './network';
import type { Ticket } from './quota';
import { waitBeforeRepeat } from './retry';
import type { Caller, Session } from './session';

/** An action to ask for, and what a lost answer to it means. */
export interface Ask {
	action: Action;
	body: IDataObject;
	/** Whether the action done twice has the effect of once, so that a lost answer may be repeated. */
	repeatable: boolean;
	/** What the reservation probably is when the answer was lost: "cancelled". Not for reading. */
	done?: string;
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
	let lost = session.lostBefore.get(itemIndex);
	let refusal: Failure | undefined;
	for (let repeats = 0; ;) {
		const answer = await sendOnce.call(this, session, ask, itemIndex);
		if ('properties' in answer) return answer.properties;
		const { failure } = answer;

		if (failure.quota) {
			refusal = failure;
			continue;
		}
		if (failure.outcome === 'unknown') lost = failure;
		const wait = waitBeforeRepeat(
			failure,
			repeats++,
			ask.repeatable,
			clock.random(),
			session.repeats,
		);
		if (wait === undefined) {
			throw apiError(this.getNode(), wholeTruth(failure, lost, refusal, ask.done), itemIndex);
		}
		await session.stop.cutShort(clock.sleep(wait));
	}
}

/** One request at most: none when it is clear before that it can't succeed. */
async function sendOnce(
	this: Caller,
	session: Session,
	ask: Ask,
	itemIndex: number,
): Promise<Answer> {
	const { gate, claim, closed, proven, unsure } = session;
	const ticket = await enter(session, itemIndex);
	if (ticket === 'stopped') return { failure: session.stop.requested ? STOPPED : HALTED };
	if (ticket === 'stalled') return { failure: gaveUp(session) };
	const reason = closed.get(ask.action);
	if (reason) {
		gate.unused(ticket);
		return { failure: { ...reason, outcome: 'notSent', httpStatus: undefined } };
	}

	const answer = await send.call(this, session, ask);
	if ('properties' in answer) {
		gate.accepted(ticket, claim);
		proven.add(ask.action);
		return answer;
	}
	const { failure } = answer;
	if (failure.quota) gate.refused(ticket, claim, failure);
	else if (failure.httpStatus === undefined) gate.lost(ticket);
	else gate.accepted(ticket, claim);
	if (failure.outcome === 'unknown') unsure.add(itemIndex);
	if (failure.permanent && (failure.httpStatus === 401 || !proven.has(ask.action))) {
		closed.set(ask.action, failure);
	}
	return { failure };
}

/** Through the gate, with the time that any item waited there counted once. */
async function enter(session: Session, itemIndex: number): Promise<Ticket | NoEntry> {
	const { gate, claim, progress, stop, halt, unsure } = session;
	if (progress.waiting++ === 0) progress.waitedMs -= gate.clock.now();
	const stops = unsure.has(itemIndex) ? [stop] : [stop, halt];
	const ticket = await gate.enter({ ...claim, stops });
	if (--progress.waiting === 0) progress.waitedMs += gate.clock.now();
	return ticket;
}

/** The one place that calls n8n's HTTP helper for a node: one call, one request; the credential forbids redirects. */
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
			},
			// Saves n8n from reading and decrypting the credential for every request.
			{ credentialsDecrypted: { id: '', name: '', type: 'ultimoApi', data: session.credential } },
		)) as HttpAnswer;
		return readAnswer(answer, Buffer.byteLength(body), Date.now(), session.claim.key);
	} catch (error) {
		return { failure: readNetworkError(error) };
	}
}
