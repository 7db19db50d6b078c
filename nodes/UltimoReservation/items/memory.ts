import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Task } from './task';

/** What n8n keeps for us between the tries of one run, by item index. */
interface Kept {
	runIndex: number;
	tries: number;
	done: Record<string, { request: string; output: IDataObject[] }>;
}

/**
 * What earlier tries of this run have done. n8n's Retry On Fail, and its Retry of a failed
 * execution, run the node again with all items; what is done must not be done again.
 *
 * The node's context lives as long as the execution and is saved with it, so it is touched only
 * where there was or will be another try, and emptied when the run has succeeded.
 */
export class Memory {
	constructor(private readonly n8n: IExecuteFunctions) {}

	/** Gives the tasks that an earlier try has done the output they had then. */
	recall(tasks: Task[]): void {
		const kept = this.kept();
		if (!kept) return;
		for (const task of tasks) {
			const done = kept.done[task.itemIndex];
			if (done?.request === JSON.stringify(task.request)) task.output = done.output;
		}
	}

	/** Before the run fails. */
	keep(tasks: Task[]): void {
		const done: Kept['done'] = {};
		for (const { itemIndex, request, output } of tasks) {
			if (output) done[itemIndex] = { request: JSON.stringify(request), output };
		}
		const tries = (this.kept()?.tries ?? 0) + 1;
		this.context().ultimo = { runIndex: this.runIndex(), tries, done } satisfies Kept;
	}

	/**
	 * After a run that did not throw. n8n tries it again all the same when it begins with a failed
	 * item (`checkFailure` in n8n-core's workflow-execute.ts).
	 */
	settle(tasks: Task[], items: INodeExecutionData[]): void {
		const { retryOnFail, maxTries } = this.n8n.getNode();
		const tries = (this.kept()?.tries ?? 0) + 1;
		const most = Math.min(5, Math.max(2, maxTries ?? 3));
		if (retryOnFail && items[0]?.json.error && tries < most) this.keep(tasks);
		else if (this.kept()) delete this.context().ultimo;
	}

	private kept(): Kept | undefined {
		if (!this.n8n.getNode().retryOnFail && this.n8n.getMode() !== 'retry') return undefined;
		const kept = this.context().ultimo as Kept | undefined;
		return kept?.runIndex === this.runIndex() ? kept : undefined;
	}

	/** Which run of the node this is: in a loop there are many, and each has work of its own. */
	private runIndex(): number {
		return this.n8n.getWorkflowDataProxy(0).$runIndex as number;
	}

	private context(): IDataObject {
		return this.n8n.getContext('node') as IDataObject;
	}
}
