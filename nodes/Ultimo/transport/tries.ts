import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { readAnswer, type Answer } from './answer';
import type { Entity } from './endpoints';
import { CROWDED, gaveUp, HALTED, noAnswer, STOPPED } from './errors';
import type { Failure } from './failure';
import type { NoEntry, Ticket } from './guest';
import { readNetworkError } from './network';
import type { Run } from './run';
import type { Stop } from './stop';

/** A request, and what a lost answer to it means. */
export interface Call {
	/** What fails alike and succeeds alike: the action or the kind of object. */
	kind: string;
	/** Of objects that are read. */
	entity?: Entity;
	request: IHttpRequestOptions & { body?: string };
	repeatable: boolean;
	/** Of an action. */
	body?: IDataObject;
	/** What the reservation probably is when the answer was lost; see `factsOf`. */
	done?: string;
}

/** The tries of one item, each of which is one request at most. */
export class Tries {
	/** Whether an answer was lost: then only the user can stop the item. */
	private unsure = false;

	constructor(private readonly run: Run) {}

	/** One request at most: none when it is clear before that it can't succeed. */
	async once(call: Call): Promise<Answer> {
		const { outage, progress } = this.run;
		const pass = await outage.enter(this.stop);
		if (outage.over && !pass) return { failure: noAnswer(outage.over, progress) };
		if (!pass) return { failure: this.stopped };
		const answer = await this.throughGate(call);
		outage.leave(pass);
		return answer;
	}

	private async throughGate(call: Call): Promise<Answer> {
		const { connection, guest, progress, closed, proven } = this.run;
		const { gate } = connection;
		const inVain = (): Answer | undefined => {
			const reason = closed.get(call.kind);
			return reason && { failure: { ...reason, outcome: 'notSent', httpStatus: undefined } };
		};
		const known = inVain();
		if (known) return known;
		const ticket = await this.enter(call.kind);
		if (ticket === 'stopped') return { failure: this.stopped };
		if (ticket === 'full') return { failure: CROWDED };
		if (ticket === 'stalled') {
			return { failure: gaveUp(guest.stall(call.kind, gate.clock.now()), progress) };
		}
		const found = inVain();
		if (found) {
			gate.unused(ticket);
			return found;
		}

		const answer = await this.send(call);
		const failure = 'failure' in answer ? answer.failure : undefined;
		gate.exit(ticket, failure);
		if (!failure) {
			proven.add(call.kind);
			return answer;
		}
		if (failure.outcome === 'unknown') this.unsure = true;
		if (failure.permanent && (failure.httpStatus === 401 || !proven.has(call.kind))) {
			closed.set(call.kind, failure);
		}
		return { failure };
	}

	private get stop(): Stop {
		return this.unsure ? this.run.connection.stop : this.run.halt;
	}

	private get stopped(): Failure {
		return this.run.connection.stop.requested ? STOPPED : HALTED;
	}

	/** Through the gate, with the time that any item waited there counted once. */
	private async enter(kind: string): Promise<Ticket | NoEntry> {
		const { connection, guest, waits } = this.run;
		const { gate } = connection;
		if (waits.items++ === 0) waits.ms -= gate.clock.now();
		const ticket = await gate.enter(guest, kind, this.stop);
		if (--waits.items === 0) waits.ms += gate.clock.now();
		return ticket;
	}

	private async send(call: Call): Promise<Answer> {
		const { outage, connection } = this.run;
		const sentAt = connection.gate.clock.now();
		const answer = await this.received(call);
		const failure = 'failure' in answer ? answer.failure : undefined;
		// A gateway that says that Ultimo does not answer is no answer of Ultimo's.
		if (failure && failure.outcome !== 'refused') outage.lost(failure, sentAt);
		else outage.answered();
		return answer;
	}

	private async received({ request, entity }: Call): Promise<Answer> {
		const { send, blot } = this.run.connection;
		try {
			const answer = await send({ ...request, timeout: this.run.patience.timeout });
			const bytes = Buffer.byteLength(request.body ?? '');
			return readAnswer(answer, bytes, Date.now(), blot, entity);
		} catch (error) {
			return { failure: readNetworkError(error) };
		}
	}
}
