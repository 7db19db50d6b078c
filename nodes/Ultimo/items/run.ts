import type { IExecuteFunctions, INodeExecutionData, NodeApiError } from 'n8n-workflow';

import { isTool, parametersOf, type Parameters } from '../fields/parameter';
import { findOperation } from '../operations';
import type { ItemRequest, Operation } from '../operations/Operation';
import { connect } from '../transport/connection';
import { asFailure, HALTED } from '../transport/errors';
import { Ultimo } from '../transport/request';
import { Run } from '../transport/run';
import { asItemError, failedItem, GO_ON, ignoredError, stopError } from './failures';
import { Memory } from './memory';
import { readItemOptions, readOptions, type ItemOptions } from './options';
import { tellProgress } from './progress';
import { keptOf, type Fate, type ItemError, type Task } from './task';
import { checkCall, forModel, nothingFound } from './tool';

/**
 * The only loop over items. Reads and checks all items before it sends anything, carries them out,
 * and gives every input item its output or its error.
 * @throws NodeApiError or NodeOperationError when a run that stops on errors met one
 */
export async function runItems(n8n: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const tasks: Task[] = n8n.getInputData().map((_, itemIndex) => ({ itemIndex }));
	let memory: Memory | undefined;
	const goOn = n8n.continueOnFail();
	let first: Task | undefined;
	let nothing: string | undefined;
	try {
		checkCall(n8n);
		const operation = findOperation(n8n);
		({ nothing } = operation);
		memory = new Memory(n8n, operation);
		const options = readOptions(n8n);
		const fieldsOf = parametersOf(n8n);
		for (const task of tasks) read(n8n, operation, task, fieldsOf(task.itemIndex));
		const connection = await connect(n8n);
		memory.recall(tasks, connection.company);
		if (goOn || !tasks.some(({ error }) => error)) {
			const progress = { total: tasks.length, done: 0 };
			const atOnce = Math.max(1, Math.floor(options.maxConcurrency / tasks.length));
			const run = new Run(connection, { ...options, atOnce }, progress);
			const workers = operation.inOrder ? 1 : options.maxConcurrency;
			first = await carryOut(n8n, operation, workers, run, progress, tasks);
		}
	} catch (error) {
		// Thrown on, n8n would pass the input items on as if they had succeeded.
		for (const task of tasks) {
			if (!task.output) task.error ??= asItemError(n8n, error, task.itemIndex);
		}
	}

	if (!goOn && tasks.some(({ error }) => error)) {
		memory?.keep(tasks);
		const error = stopError(tasks, first);
		throw asFailure(isTool(n8n) ? forModel(error) : error);
	}
	const items = tasks.flatMap((task) => toItems(n8n, task));
	memory?.settle(tasks, items);
	if (items.length > 0 || !isTool(n8n)) return [items];
	return [[{ json: nothingFound(nothing), pairedItem: { item: 0 } }]];
}

function read(n8n: IExecuteFunctions, operation: Operation, task: Task, fields: Parameters): void {
	try {
		task.options = readItemOptions(fields);
		task.request = operation.read(fields);
		task.known = operation.known?.(fields, task.request);
	} catch (error) {
		task.error = asItemError(n8n, error, task.itemIndex);
	}
}

/** @returns the task whose failure stopped the run, if one did */
async function carryOut(
	n8n: IExecuteFunctions,
	operation: Operation,
	workers: number,
	run: Run,
	progress: { done: number },
	tasks: Task[],
): Promise<Task | undefined> {
	const asked = new Map<string, Promise<Fate>>();
	for (const task of tasks) {
		const { output } = task;
		if (!output) continue;
		progress.done++;
		asked.set(keyOf(task), Promise.resolve({ output }));
		operation.recall?.(run, output);
	}
	const waiting = tasks.filter(isReady);
	if (waiting.length === 0) return undefined;

	const goOn = n8n.continueOnFail();
	const ask = async (ultimo: Ultimo, task: ReadyTask): Promise<Fate> => {
		const { itemIndex, request, options, known = {} } = task;
		const parts: ItemError[] = [];
		const failed = (error: NodeApiError) => {
			if (!goOn && !ignoredError(error, options.ignoreErrorCodes)) {
				error.description = [error.description, GO_ON].filter(Boolean).join(' ');
				throw error;
			}
			parts.push(error);
		};
		try {
			const act = options.dryRun && operation.dryRun ? operation.dryRun : operation.execute;
			return { output: await act(ultimo, request, { known, failed }), parts };
		} catch (thrown) {
			return { error: asItemError(n8n, thrown, itemIndex) };
		}
	};
	const askOnce = async (ultimo: Ultimo, task: ReadyTask) => {
		const key = keyOf(task);
		const fate = asked.get(key) ?? ask(ultimo, task);
		asked.set(key, fate);
		return await fate;
	};

	let next = 0;
	let first: Task | undefined;
	const work = async () => {
		while (next < waiting.length && !first) {
			const task = waiting[next++];
			const ultimo = new Ultimo(run, task.itemIndex, task.lostBefore);
			const fate = await (operation.sameRequestOnce ? askOnce : ask)(ultimo, task);
			if (first && isUntried(fate)) continue;
			task.isDone = fate.output !== undefined && !task.options.dryRun;
			Object.assign(task, await inItsOptions(operation, ultimo, task, fate, goOn));
			if (task.output) progress.done++;
			else if (!goOn) {
				first ??= task;
				run.halt.request();
			}
		}
	};
	await tellProgress(n8n, run, Promise.all(Array.from({ length: workers }, work)));
	return first;
}

/** A request's fate as the item takes it that asked for it. */
async function inItsOptions(
	operation: Operation,
	ultimo: Ultimo,
	task: ReadyTask,
	fate: Fate,
	goOn: boolean,
): Promise<Fate> {
	const { request, options } = task;
	const skipped = (error: ItemError, about = request) => {
		const ignored = ignoredError(error, options.ignoreErrorCodes);
		if (!ignored) return undefined;
		const done = error.context.outcome === 'unknown' ? null : false;
		const { zone } = ultimo;
		return { ...operation.skipped(about, { zone, done }), skipped: true, ...ignored };
	};
	if (fate.error) {
		const instead = skipped(fate.error);
		if (instead) return { output: [instead] };
		await operation.explain?.(ultimo, request, fate.error as NodeApiError);
		return fate;
	}
	const output = [...(fate.output ?? [])];
	const parts = (fate.parts ?? []).filter((error) => {
		const instead = skipped(error, { ...request, SpaceId: error.context.SpaceId as string });
		if (instead) output.push(instead);
		return !instead;
	});
	return goOn || parts.length === 0 ? { output, parts } : { error: parts[0] };
}

function toItems(n8n: IExecuteFunctions, task: Task): INodeExecutionData[] {
	const { itemIndex, options, output = [], error, parts = [] } = task;
	const pairedItem = { item: itemIndex };
	const failed = error ? [error] : parts;
	const kept = options?.includeInputFields ? keptOf(n8n.getInputData()[itemIndex].json) : {};
	return [
		// Copies: a later node may change an item in place, and equal items share their fate.
		...output.map((json) => ({ json: { ...kept, ...json }, pairedItem })),
		...failed.map((one) => ({ json: failedItem(n8n, itemIndex, one), pairedItem })),
	];
}

/** Equal for items of which one may have the other's fate. */
function keyOf({ request, options }: Task): string {
	return JSON.stringify([request, options?.dryRun]);
}

type ReadyTask = Task & { request: ItemRequest; options: ItemOptions };

function isReady(task: Task): task is ReadyTask {
	return task.request !== undefined && !task.output && !task.error;
}

/** Whether an item was still waiting for its turn when the run was stopped. */
function isUntried({ error }: Fate): boolean {
	return error?.context.code === HALTED.code && error?.context.outcome === 'notSent';
}
