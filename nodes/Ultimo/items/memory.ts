import { createHash } from 'crypto';
import {
	jsonStringify,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { isTool } from '../fields/parameter';
import type { ItemRequest, Operation } from '../operations/Operation';
import { LOOK_FIRST } from '../transport/answer';
import type { Failure } from '../transport/failure';
import type { Task } from './task';

/** A request that is done, or of which nobody knows what became of it. */
interface Kept {
	/** The company whose reservations these are. */
	where: string;
	operation: string;
	request: ItemRequest;
	/** Of the item's input and the node's parameters, which can give another request at each try. */
	fingerprint: string;
	/** n8n's number of the run that did it: in a loop the next one may well want it done again. */
	run: number;
	output?: IDataObject[];
	lost?: Failure;
}

/**
 * What earlier tries of this run have changed in Ultimo. n8n's Retry On Fail, and its Retry of a
 * failed execution, run the node again with all items; what is done must not be done again, and what
 * was lost must not be forgotten.
 *
 * The node's context lives as long as the execution and is saved with it. All calls of an agent to
 * this tool share it, also those at the same time, so each takes away and adds its own only; and it
 * is there as soon as somebody asks for it, so nobody does without need.
 */
export class Memory {
	private where = '';

	/** What this try has taken up again. */
	private readonly recalled = new Set<Kept>();

	constructor(
		private readonly n8n: IExecuteFunctions,
		private readonly operation: Operation,
	) {}

	/**
	 * Gives the tasks of an earlier try the request and the fate that they had then.
	 * @param where the company: before a retry the builder may have chosen another credential
	 */
	recall(tasks: Task[], where: string): void {
		this.where = where;
		const { value } = this.operation;
		const fitting = this.kept().filter(
			(one) =>
				one.where === where && one.operation === value && (one.lost ?? one.run === this.run()),
		);
		this.match(tasks, fitting, ({ request }) => request && JSON.stringify(request));
		const left = fitting.filter((one) => !this.recalled.has(one));
		if (left.length > 0) this.match(tasks, left, (one) => this.fingerprint(one));
	}

	/** Before the run fails. */
	keep(tasks: Task[]): void {
		const own = this.operation.changes ? tasks.flatMap((task) => this.toKeep(task)) : [];
		this.replace(own, () => true);
	}

	/**
	 * After a run that did not throw. n8n tries it again all the same when it begins with a failed
	 * item (`checkFailure` in n8n-core's workflow-execute.ts), and an agent may call its tool again.
	 */
	settle(tasks: Task[], items: INodeExecutionData[]): void {
		const { retryOnFail } = this.n8n.getNode();
		if (items[0]?.json.error && (retryOnFail || isTool(this.n8n))) this.keep(tasks);
		else this.replace([], ({ run }) => run !== this.run());
	}

	/** Equal items can be several requests, so each of those kept goes to one task at most. */
	private match(
		tasks: Task[],
		some: Kept[],
		keyOf: (one: Kept | Task) => string | undefined,
	): void {
		const byKey = new Map<string | undefined, Kept[]>();
		for (const one of some) {
			const same = byKey.get(keyOf(one)) ?? [];
			same.push(one);
			byKey.set(keyOf(one), same);
		}
		for (const task of tasks) {
			const kept = task.isDone || task.lostBefore ? undefined : byKey.get(keyOf(task))?.pop();
			if (!kept) continue;
			this.recalled.add(kept);
			task.request = kept.request;
			task.lostBefore = kept.lost;
			if (!kept.output) continue;
			task.output = kept.output;
			task.isDone = true;
			delete task.error;
		}
	}

	private toKeep(task: Task): Kept[] {
		const { request, output, isDone } = task;
		const lost = lostOf(task);
		if (!request || !(lost ?? isDone)) return [];
		const [where, operation, run] = [this.where, this.operation.value, this.run()];
		const fate = lost ? { lost } : { output };
		return [{ where, operation, run, request, fingerprint: this.fingerprint(task), ...fate }];
	}

	private replace(own: Kept[], stays: (one: Kept) => boolean): void {
		const others = this.kept().filter((one) => !this.recalled.has(one) && stays(one));
		const all = [...others, ...own];
		if (all.length > 0) this.context().ultimo = all;
		else if (this.isRepeated()) delete this.context().ultimo;
	}

	private kept(): Kept[] {
		return this.isRepeated() ? ((this.context().ultimo as Kept[] | undefined) ?? []) : [];
	}

	private isRepeated(): boolean {
		return (
			this.operation.changes === true &&
			(this.n8n.getNode().retryOnFail === true ||
				this.n8n.getMode() === 'retry' ||
				isTool(this.n8n))
		);
	}

	private fingerprint(one: Kept | Task): string {
		if ('fingerprint' in one) return one.fingerprint;
		const { json } = this.n8n.getInputData()[one.itemIndex];
		// Options say how to ask, not for what: before a retry Timeout, say, is raised.
		const parameters = { ...this.n8n.getNode().parameters, options: undefined };
		return createHash('sha256')
			.update(jsonStringify([parameters, json], { replaceCircularRefs: true }))
			.digest('hex');
	}

	private run(): number {
		return this.n8n.getWorkflowDataProxy(0).$runIndex as number;
	}

	private context(): { ultimo?: unknown } {
		return this.n8n.getContext('node');
	}
}

/** The first loss, since what came after it, perhaps for its sake, says less. */
function lostOf({ output, error, lostBefore }: Task): Kept['lost'] {
	const about = (error?.context ?? {}) as Partial<Failure>;
	const { outcome, code, httpStatus, answered, SpaceId } = about;
	if (output || outcome === 'refused') return undefined;
	if (lostBefore ?? outcome !== 'unknown') return lostBefore;
	const { message } = error!;
	return { outcome, code, httpStatus, answered, SpaceId, message, advice: LOOK_FIRST };
}
