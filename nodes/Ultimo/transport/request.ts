import type { IDataObject, NodeApiError } from 'n8n-workflow';

import type { ObjectList } from './answer';
import { actionUrl, factsOf, objectUrl, type Action, type Entity } from './endpoints';
import { CHECK } from './codes';
import { apiError, checkWhatWasSent, wholeTruth } from './errors';
import type { Failure } from './failure';
import { waitBeforeRepeat } from './retry';
import type { Run } from './run';
import { Tries, type Call } from './tries';

/** Of every request; the credential adds its own. */
export const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' };

/** How one item, or the editor, asks Ultimo. */
export class Ultimo {
	private readonly tries: Tries;

	/**
	 * @param itemIndex the item that errors are about, if they are about one
	 * @param lostBefore why an earlier try of the run does not know what became of the item
	 */
	constructor(
		readonly run: Run,
		private readonly itemIndex?: number,
		readonly lostBefore?: Failure,
	) {
		this.tries = new Tries(run);
	}

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
		const { gate, stop } = this.run.connection;
		await stop.cutShort(gate.clock.sleep(ms));
	}

	private async repeated(call: Call): Promise<IDataObject> {
		const { clock } = this.run.connection.gate;
		let lost = call.repeatable ? this.lostBefore : undefined;
		let throttled: Failure | undefined;
		for (let repeats = 0; ;) {
			const answer = await this.tries.once(call);
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
}
