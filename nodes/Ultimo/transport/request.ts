import type { IDataObject, IHttpRequestOptions, NodeApiError } from 'n8n-workflow';

import { readAnswer, type Answer, type ObjectList } from './answer';
import { actionUrl, factsOf, objectUrl, type Action, type Entity } from './endpoints';
import { CHECK } from './codes';
import { apiError, checkWhatWasSent, CROWDED, gaveUp, HALTED, STOPPED, wholeTruth } from './errors';
import type { Failure } from './failure';
import type { NoEntry, Ticket } from './guest';
import { readNetworkError } from './network';
import { waitBeforeRepeat } from './retry';
import type { Run } from './run';

/** A request, and what a lost answer to it means. */
interface Call {
	/** What fails alike and succeeds alike: the action or the kind of object. */
	kind: string;
	/** Of objects that are read. */
	entity?: Entity;
	request: IHttpRequestOptions & { body?: string };
	repeatable: boolean;
	/** Of an action. */
	body?: IDataObject;
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
			body,
			repeatable,
			done,
		});
	}

	/**
	 * Reads a page of a list of Ultimo's objects.
	 * @param query encoded, as it stands behind the question mark
	 * @throws NodeApiError as {@link ask} does
	 */
	async get(entity: Entity, query: string): Promise<ObjectList> {
		const url = `${objectUrl(this.run.connection.environment, entity)}?${query}`;
		const list: unknown = await this.repeated({
			kind: entity,
			entity,
			request: { method: 'GET', url, headers: { Accept: 'application/json' } },
			repeatable: true,
		});
		return list as ObjectList;
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
			if (wait === undefined) {
				if (call.body && failure.advice === CHECK) failure.advice = checkWhatWasSent(call.body);
				throw this.error(wholeTruth(failure, lost, throttled, call.done));
			}
			await this.pause(wait);
		}
	}

	/** One request at most: none when it is clear before that it can't succeed. */
	private async once(call: Call): Promise<Answer> {
		const { connection, claim, stop, progress, closed, proven } = this.run;
		const { gate } = connection;
		const ticket = await this.enter(call.kind);
		if (ticket === 'stopped') return { failure: stop.requested ? STOPPED : HALTED };
		if (ticket === 'full') return { failure: CROWDED };
		if (ticket === 'stalled') {
			return { failure: gaveUp(gate.stall(claim, call.kind), progress) };
		}
		const reason = closed.get(call.kind);
		if (reason) {
			gate.unused(ticket);
			return { failure: { ...reason, outcome: 'notSent', httpStatus: undefined } };
		}

		const answer = await this.send(call);
		if ('properties' in answer) {
			gate.accepted(ticket);
			proven.add(call.kind);
			return answer;
		}
		const { failure } = answer;
		if (failure.quota) gate.refused(ticket, failure);
		else if (failure.httpStatus === undefined) gate.lost(ticket);
		else gate.accepted(ticket);
		if (failure.outcome === 'unknown') this.unsure = true;
		if (failure.permanent && (failure.httpStatus === 401 || !proven.has(call.kind))) {
			closed.set(call.kind, failure);
		}
		return { failure };
	}

	/** Through the gate, with the time that any item waited there counted once. */
	private async enter(kind: string): Promise<Ticket | NoEntry> {
		const { connection, claim, waits, stop, halt } = this.run;
		const { gate } = connection;
		if (waits.items++ === 0) waits.ms -= gate.clock.now();
		const stops = this.unsure ? [stop] : [stop, halt];
		const ticket = await gate.enter(claim, kind, stops);
		if (--waits.items === 0) waits.ms += gate.clock.now();
		return ticket;
	}

	private async send({ request, entity }: Call): Promise<Answer> {
		const { connection, patience } = this.run;
		try {
			const answer = await connection.send({
				...request,
				timeout: patience.timeout,
				// The status is data: n8n sends a request again by itself when its helper throws on 401.
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
				// As text, because a parser of n8n's would hide that a body was cut off.
				encoding: 'text',
			});
			const bytes = Buffer.byteLength(request.body ?? '');
			return readAnswer(answer, bytes, Date.now(), connection.key, entity);
		} catch (error) {
			return { failure: readNetworkError(error) };
		}
	}
}
