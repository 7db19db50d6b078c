import type { IDataObject, IHttpRequestOptions, NodeApiError } from 'n8n-workflow';

import { readAnswer, type Answer } from './answer';
import { actionUrl, factsOf, type Action } from './endpoints';
import { apiError, gaveUp, HALTED, noAnswer, STOPPED, wholeTruth } from './errors';
import type { Failure } from './failure';
import type { NoEntry } from './gate';
import { readNetworkError } from './network';
import type { Ticket } from './quota';
import { waitBeforeRepeat } from './retry';
import type { Run } from './run';
import type { Stop } from './stop';
import { wholeAnswer } from './wholeAnswer';

/** A request, and what a lost answer to it means. */
interface Call {
	/** What fails alike and succeeds alike: the action. */
	kind: string;
	request: IHttpRequestOptions & { body: string };
	repeatable: boolean;
	/** What the reservation probably is when the answer was lost; see {@link factsOf}. */
	done?: string;
}

/** Of every request; the credential adds its own. */
export const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' };

/** How one item, or the editor, asks Ultimo. */
export class Ultimo {
	/** Whether an answer was lost: then only the user can stop the item. */
	private unsure = false;

	/**
	 * @param itemIndex the item that errors are about, if they are about one
	 * @param lostBefore why an earlier try of the run does not know what became of the item
	 */
	constructor(
		readonly run: Run,
		private readonly itemIndex?: number,
		readonly lostBefore?: Failure,
	) {}

	/** In which times without a zone are read, and times are told. */
	get zone(): string {
		return this.run.connection.zone;
	}

	/**
	 * Asks Ultimo for an action until an answer stands, within the quota and our patience.
	 * @returns the answer's `properties`
	 * @throws NodeApiError whose `context` holds {@link Failure}'s `outcome`, `code` and `httpStatus`
	 */
	async ask(action: Action, body: IDataObject): Promise<IDataObject> {
		const { repeatable, done } = factsOf(action);
		return await this.repeated({
			kind: action,
			request: {
				method: 'POST',
				url: actionUrl(this.run.connection.environment, action),
				headers: HEADERS,
				body: JSON.stringify(body),
			},
			repeatable,
			done,
		});
	}

	/** An error about this item, for the layers above to throw. */
	error(failure: Failure): NodeApiError {
		return apiError(this.run.connection.node, failure, this.itemIndex);
	}

	/** Waits, but no longer than until the user stops the execution. */
	async pause(ms: number): Promise<void> {
		await this.run.stop.cutShort(this.run.connection.gate.clock.sleep(ms));
	}

	private async repeated(call: Call): Promise<IDataObject> {
		const { clock } = this.run.connection.gate;
		let lost = call.repeatable ? this.lostBefore : undefined;
		let throttled: Failure | undefined;
		for (let repeats = 0; ;) {
			const answer = await this.once(call);
			if ('properties' in answer) return answer.properties;
			const { failure } = answer;

			if (failure.quota) {
				throttled = failure;
				continue;
			}
			if (failure.outcome === 'unknown') lost = failure;
			const most = this.run.patience.repeats;
			const wait = waitBeforeRepeat(failure, repeats++, call.repeatable, clock.random(), most);
			if (wait === undefined) throw this.error(wholeTruth(failure, lost, throttled, call.done));
			await this.pause(wait);
		}
	}

	/** One request at most: none when it is clear before that it can't succeed. */
	private async once(call: Call): Promise<Answer> {
		const { outage, progress } = this.run;
		const pass = await outage.enter(this.stops);
		if (outage.over && !pass) return { failure: noAnswer(outage.over, progress) };
		if (!pass) return { failure: this.stopped };
		const answer = await this.throughGate(call);
		outage.leave(pass);
		return answer;
	}

	private async throughGate(call: Call): Promise<Answer> {
		const { connection, claim, progress, closed, proven } = this.run;
		const { gate } = connection;
		const ticket = await this.enter();
		if (ticket === 'stopped') return { failure: this.stopped };
		if (ticket === 'stalled') return { failure: gaveUp(gate, claim, progress) };
		const reason = closed.get(call.kind);
		if (reason) {
			gate.unused(ticket);
			return { failure: { ...reason, outcome: 'notSent', httpStatus: undefined } };
		}

		const answer = await this.send(call.request);
		if ('properties' in answer) {
			gate.accepted(ticket, claim);
			proven.add(call.kind);
			return answer;
		}
		const { failure } = answer;
		if (failure.quota) gate.refused(ticket, claim, failure);
		else if (failure.httpStatus === undefined) gate.lost(ticket);
		else gate.accepted(ticket, claim);
		if (failure.outcome === 'unknown') this.unsure = true;
		if (failure.permanent && (failure.httpStatus === 401 || !proven.has(call.kind))) {
			closed.set(call.kind, failure);
		}
		return { failure };
	}

	private get stops(): Stop[] {
		const { stop, halt } = this.run;
		return this.unsure ? [stop] : [stop, halt];
	}

	private get stopped(): Failure {
		return this.run.stop.requested ? STOPPED : HALTED;
	}

	/** Through the gate, with the time that any item waited there counted once. */
	private async enter(): Promise<Ticket | NoEntry> {
		const { connection, claim, waits } = this.run;
		const { gate } = connection;
		if (waits.items++ === 0) waits.ms -= gate.clock.now();
		const ticket = await gate.enter({ ...claim, stops: this.stops });
		if (--waits.items === 0) waits.ms += gate.clock.now();
		return ticket;
	}

	private async send(request: Call['request']): Promise<Answer> {
		const { outage, connection } = this.run;
		const sentAt = connection.gate.clock.now();
		const answer = await this.received(request);
		const failure = 'failure' in answer ? answer.failure : undefined;
		// A gateway that says that Ultimo does not answer is no answer of Ultimo's.
		const none = failure?.outcome === 'unknown' || failure?.outcome === 'notSent';
		if (failure && none) outage.lost(failure, sentAt);
		else outage.answered();
		return answer;
	}

	private async received(request: Call['request']): Promise<Answer> {
		const { gate, signal, send, blot } = this.run.connection;
		const { timeout } = this.run.patience;
		try {
			const options: IHttpRequestOptions = {
				...request,
				timeout,
				// The status is data: n8n sends a request again by itself when its helper throws on 401.
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
				// Else n8n itself waits for all of the body, and decodes it, whatever its length.
				encoding: 'stream',
			};
			const ask = async (end: AbortSignal) => await send(options, end);
			const answer = await wholeAnswer(gate.clock, timeout, ask, signal);
			return readAnswer(answer, Buffer.byteLength(request.body), Date.now(), blot);
		} catch (error) {
			return { failure: readNetworkError(error) };
		}
	}
}
