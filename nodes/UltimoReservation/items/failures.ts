import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ItemError, Task } from './task';

/**
 * What a failed item holds when the workflow goes on: the input's fields and
 * `error: { message, code, httpStatus, outcome }`.
 *
 * For n8n's error output only `error`: n8n itself adds the fields of the input item, and takes an
 * item with other keys for a success. `item.error` would do as well, but n8n then replaces all of
 * the item's data by the message.
 */
export function failedItem(
	this: IExecuteFunctions,
	itemIndex: number,
	{ message, description, context }: ItemError,
): IDataObject {
	const { code, httpStatus, outcome = 'notSent' } = context as IDataObject;
	const error: IDataObject = {
		message: [message, description].filter(Boolean).join('. '),
		...(code === undefined ? {} : { code }),
		...(httpStatus === undefined ? {} : { httpStatus }),
		outcome,
	};
	if (this.getNode().onError === 'continueErrorOutput') return { error };
	return { ...this.getInputData()[itemIndex].json, error };
}

/** Code and message of an error that the builder chose to ignore; never one with an open outcome. */
export function ignoredError(
	{ message, context }: ItemError,
	codes: string[],
): { code: string; message: string } | undefined {
	const { code, outcome } = context as { code?: string; outcome?: string };
	return code !== undefined && outcome === 'refused' && codes.includes(code)
		? { code, message }
		: undefined;
}

/**
 * The error that stops a run: the first in the order of the items. It tells what became of all
 * others, since n8n keeps no output of a failed run.
 */
export function stopError(tasks: Task[]): ItemError {
	const failed = tasks.filter(({ error }) => error);
	const others = failed.slice(1);
	const error = failed[0].error as ItemError;
	if (tasks.length === 1) return error;
	const ended = (outcome: string) =>
		others.filter((task) => (task.error?.context as IDataObject).outcome === outcome);
	const list = (title: string, some: Task[]) =>
		some.length > 0 && `${title}: ${some.map(nameOf).join(', ')}.`;

	const done = tasks.filter(({ output }) => output);
	const unknown = ended('unknown');
	const refused = ended('refused');
	const notSent = tasks.length - 1 - done.length - unknown.length - refused.length;
	error.description = [
		error.description,
		`This was ${nameOf(failed[0])}, item ${failed[0].itemIndex} of 0 to ${tasks.length - 1}.`,
		list('Done', done),
		list('Outcome unknown', unknown),
		list('Refused too', refused),
		notSent > 0 && `Not sent: ${notSent} more.`,
	]
		.filter(Boolean)
		.join(' ');
	return error;
}

/** How a builder finds an item again: by the reservation's id, else by its place. */
function nameOf({ itemIndex, request, output }: Task): string {
	return String(output?.[0]?.UltimoId ?? request?.UltimoId ?? `item ${itemIndex}`);
}
