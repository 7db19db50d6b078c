import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { inWords } from '../transport/words';
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
	n8n: IExecuteFunctions,
	itemIndex: number,
	{ message, description, context }: ItemError,
): IDataObject {
	const { code, httpStatus, outcome = 'notSent' } = context as IDataObject;
	const error: IDataObject = {
		message: inWords(message, description),
		...(code === undefined ? {} : { code }),
		...(httpStatus === undefined ? {} : { httpStatus }),
		outcome,
	};
	if (n8n.getNode().onError === 'continueErrorOutput') return { error };
	return { ...n8n.getInputData()[itemIndex].json, error };
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
 * The error that stops a run: that of the item which failed first. It tells what became of all
 * others, since n8n keeps no output of a failed run.
 * @param first the one that stopped the run; without it, errors were found before anything was sent
 */
export function stopError(tasks: Task[], first?: Task): ItemError {
	const cause = first ?? (tasks.find(({ error }) => error) as Task);
	const error = cause.error as ItemError;
	if (tasks.length === 1) return error;
	const ended = (outcome: string) =>
		tasks.filter((task) => task !== cause && task.error?.context.outcome === outcome);
	const list = (title: string, some: Task[]) =>
		some.length > 0 && `${title}: ${some.map(nameOf).join(', ')}.`;

	const done = tasks.filter(({ output }) => output);
	const unknown = ended('unknown');
	const refused = ended('refused');
	const notSent = tasks.length - 1 - done.length - unknown.length - refused.length;
	error.description = [
		error.description,
		`Failed: ${nameOf(cause)}.`,
		list('Done', done),
		list('Outcome unknown', unknown),
		list('Refused too', refused),
		notSent > 0 && `Not sent: ${notSent} more.`,
	]
		.filter(Boolean)
		.join(' ');
	return error;
}

/** How a builder finds an item again: by the reservation or space it is about, and its place. */
function nameOf({ itemIndex, request, output }: Task): string {
	const made = output?.length === 1 ? output[0].UltimoId : undefined;
	const about = request?.UltimoId ?? made ?? request?.SpaceId;
	return about === undefined ? `item ${itemIndex}` : `${String(about)} (item ${itemIndex})`;
}
