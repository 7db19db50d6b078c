import { createHash } from 'crypto';
import {
	jsonStringify,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import type { ItemRequest } from '../operations/Operation';
import type { Failure } from '../transport/failure';
import type { Task } from './task';

/** What n8n keeps for us between the tries of one run, by item index. */
interface Kept {
	tries: number;
	/** The company whose reservations these are. */
	where?: string;
	items: Record<string, KeptItem>;
}

interface KeptItem {
	/** Of the item's input and the node's parameters, which can give another request at each try. */
	fingerprint: string;
	request: ItemRequest;
	/** Of an item that is done. */
	output?: IDataObject[];
	/** Of an item of which nobody knows what became of it. */
	lost?: Failure;
}

/**
 * What earlier tries of this run have done. n8n's Retry On Fail, and its Retry of a failed
 * execution, run the node again with all items; what is done must not be done again, and what was
 * lost must not be forgotten.
 *
 * The node's context lives as long as the execution and is saved with it, so it is touched only
 * where there was or will be another try, and emptied when the run has succeeded.
 */
export class Memory {
	private where?: string;

	constructor(private readonly n8n: IExecuteFunctions) {}

	/**
	 * Gives the tasks of an earlier try the request and the fate that they had then.
	 * @param where the company: before a retry the builder may have chosen another credential
	 */
	recall(tasks: Task[], where: string): void {
		this.where = where;
		const kept = this.kept();
		if (kept?.where !== where) return;
		for (const task of tasks) {
			const item = kept.items[task.itemIndex];
			const same =
				item?.fingerprint === this.fingerprint(task) ||
				JSON.stringify(item?.request) === JSON.stringify(task.request);
			if (!item || !same) continue;
			task.request = item.request;
			task.output = item.output;
			task.lostBefore = item.lost;
			if (item.output) delete task.error;
		}
	}

	/** Before the run fails. */
	keep(tasks: Task[]): void {
		const kept = this.kept();
		// Of a try that failed before it could recall anything, nothing is outdated.
		const items = this.where === undefined ? { ...kept?.items } : {};
		for (const task of tasks) {
			const { request, output, parts = [] } = task;
			const lost = lostOf(task);
			// Of an item that is done in parts the next try finds out again what failed.
			if (!request || parts.length > 0 || (!output && !lost)) continue;
			items[task.itemIndex] = { fingerprint: this.fingerprint(task), request, output, lost };
		}
		if (Object.keys(items).length === 0 && !this.n8n.getNode().retryOnFail) return;
		const where = this.where ?? kept?.where;
		this.context().ultimo = { tries: (kept?.tries ?? 0) + 1, where, items } satisfies Kept;
	}

	/**
	 * After a run that did not throw. n8n tries it again all the same when it begins with a failed
	 * item (`checkFailure` in n8n-core's workflow-execute.ts).
	 */
	settle(tasks: Task[], items: INodeExecutionData[]): void {
		const { retryOnFail, maxTries } = this.n8n.getNode();
		const tries = (this.kept()?.tries ?? 0) + 1;
		const most = Math.min(5, Math.max(2, maxTries || 3));
		if (retryOnFail && items[0]?.json.error && tries < most) this.keep(tasks);
		else if (this.kept()) delete this.context().ultimo;
	}

	private fingerprint({ itemIndex }: Task): string {
		const { json } = this.n8n.getInputData()[itemIndex];
		const { parameters } = this.n8n.getNode();
		return createHash('sha256')
			.update(jsonStringify([parameters, json], { replaceCircularRefs: true }))
			.digest('hex');
	}

	private kept(): Kept | undefined {
		if (!this.n8n.getNode().retryOnFail && this.n8n.getMode() !== 'retry') return undefined;
		return this.context().ultimo as Kept | undefined;
	}

	private context(): IDataObject {
		return this.n8n.getContext('node') as IDataObject;
	}
}

function lostOf({ error, lostBefore }: Task): Failure | undefined {
	if (!error) return lostBefore;
	const { outcome, code, httpStatus } = error.context as Partial<Failure>;
	if (outcome !== 'unknown') return undefined;
	return { outcome, code, httpStatus, message: error.message, advice: error.description ?? '' };
}
