import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type NodeApiError,
} from 'n8n-workflow';

import { findOperation } from '../operations';
import type { Operation, Request } from '../operations/Operation';
import { HALTED } from '../transport/errors';
import { openSession, type Session } from '../transport/session';
import { failedItem, ignoredError, stopError } from './failures';
import { Memory } from './memory';
import { tellProgress } from './progress';
import { readItemOptions, readOptions, type ItemOptions } from './options';
import type { Fate, ItemError, Task } from './task';

/**
 * The only loop over items. Reads and checks all items before it sends anything, carries them out,
 * and gives every input item its output or its error.
 * @throws NodeApiError or NodeOperationError when a run that stops on errors met one
 */
export async function runItems(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const tasks: Task[] = this.getInputData().map((_, itemIndex) => ({ itemIndex }));
	const memory = new Memory(this);
	const goOn = this.continueOnFail();
	let first: Task | undefined;
	try {
		const operation = findOperation.call(this);
		const options = readOptions.call(this);
		for (const task of tasks) read.call(this, operation, task);
		const session = await openSession.call(this, options, tasks.length);
		memory.recall(tasks, `${session.environment} ${session.credential.company}`);
		if (goOn || !tasks.some(({ error }) => error)) {
			first = await carryOut.call(this, operation, options.maxConcurrency, session, tasks);
		}
	} catch (error) {
		// Thrown on, n8n would pass the input items on as if they had succeeded.
		for (const task of tasks) {
			if (!task.output) task.error ??= asItemError.call(this, error, task.itemIndex);
		}
	}

	if (!goOn && tasks.some(({ error }) => error)) {
		memory.keep(tasks);
		throw stopError(tasks, first);
	}
	const items = tasks.flatMap((task) => toItems.call(this, task));
	memory.settle(tasks, items);
	return [items];
}

function read(this: IExecuteFunctions, operation: Operation, task: Task): void {
	try {
		task.options = readItemOptions.call(this, task.itemIndex);
		task.request = operation.read.call(this, task.itemIndex);
	} catch (error) {
		task.error = asItemError.call(this, error, task.itemIndex);
	}
}

/** @returns the task whose failure stopped the run, if one did */
async function carryOut(
	this: IExecuteFunctions,
	operation: Operation,
	concurrency: number,
	session: Session,
	tasks: Task[],
): Promise<Task | undefined> {
	const asked = new Map<string, Promise<Fate>>();
	for (const { request, output } of tasks) {
		if (!output) continue;
		session.progress.done++;
		asked.set(JSON.stringify(request), Promise.resolve({ output }));
		for (const { UltimoId } of output) session.made.add(UltimoId as string);
	}
	const ready = tasks.filter(isReady);
	const { dryRun } = operation;
	const dry = (task: ReadyTask) => dryRun && task.options.dryRun;
	for (const task of ready) if (dry(task)) task.output = [dryRun!(task.request)];
	const waiting = ready.filter((task) => !dry(task));
	if (waiting.length === 0) return undefined;

	for (const { itemIndex, lostBefore } of waiting) {
		if (lostBefore) session.lostBefore.set(itemIndex, lostBefore);
	}
	const goOn = this.continueOnFail();
	const askOnce = async (task: ReadyTask) => {
		const key = JSON.stringify(task.request);
		const fate = asked.get(key) ?? ask.call(this, operation, session, task);
		asked.set(key, fate);
		return await fate;
	};

	let next = 0;
	let first: Task | undefined;
	const work = async () => {
		while (next < waiting.length && !first) {
			const task = waiting[next++];
			const fate = await (operation.sameRequestOnce
				? askOnce(task)
				: ask.call(this, operation, session, task));
			if (first && isUntried(fate)) continue;
			Object.assign(task, await inItsOptions.call(this, operation, session, task, fate));
			if (task.output) session.progress.done++;
			else if (!goOn) {
				first ??= task;
				session.halt.request();
			}
		}
	};
	const workers = operation.inOrder ? 1 : concurrency;
	await tellProgress.call(this, session, Promise.all(Array.from({ length: workers }, work)));
	return first;
}

async function ask(
	this: IExecuteFunctions,
	operation: Operation,
	session: Session,
	{ itemIndex, request }: ReadyTask,
): Promise<Fate> {
	try {
		return { output: await operation.execute.call(this, session, request, itemIndex) };
	} catch (thrown) {
		return { error: asItemError.call(this, thrown, itemIndex) };
	}
}

/** A request's fate as the item takes it that asked for it. */
async function inItsOptions(
	this: IExecuteFunctions,
	operation: Operation,
	session: Session,
	{ itemIndex, request, options }: ReadyTask,
	fate: Fate,
): Promise<Fate> {
	if (!fate.error) return fate;
	const ignored = ignoredError(fate.error, options.ignoreErrorCodes);
	if (ignored) return { output: [{ ...operation.skipped(request), skipped: true, ...ignored }] };
	await operation.explain?.call(this, session, request, itemIndex, fate.error as NodeApiError);
	return fate;
}

function toItems(
	this: IExecuteFunctions,
	{ itemIndex, output, error }: Task,
): INodeExecutionData[] {
	const pairedItem = { item: itemIndex };
	if (error) return [{ json: failedItem.call(this, itemIndex, error), pairedItem }];
	// Copies: a later node may change an item in place, and equal items share their fate.
	return (output ?? []).map((json) => ({ json: { ...json }, pairedItem }));
}

type ReadyTask = Task & { request: Request; options: ItemOptions };

function isReady(task: Task): task is ReadyTask {
	return task.request !== undefined && !task.output && !task.error;
}

/** Whether an item was still waiting for its turn when the run was stopped. */
function isUntried({ error }: Fate): boolean {
	return error?.context.code === HALTED.code && error?.context.outcome === 'notSent';
}

/** Errors that know their item pass as they are; others get it, once. */
function asItemError(this: IExecuteFunctions, thrown: unknown, itemIndex: number): ItemError {
	const known = thrown as ItemError;
	if (known.context?.itemIndex !== undefined) return known;
	return new NodeOperationError(this.getNode(), known.message, {
		description: known.description ?? undefined,
		itemIndex,
	});
}
