import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { inputError } from '../fields/parameter';
import { isVerdict } from '../transport/codes';
import { inWords } from '../transport/words';
import { keptOf, type ItemError, type Task } from './task';

/** How many items of a kind, and as many stretches of others, an error names. */
const NAMED = 20;

/** Errors that know their item pass as they are; others get it, once. */
export function asItemError(n8n: IExecuteFunctions, thrown: unknown, itemIndex: number): ItemError {
	const known = thrown as ItemError;
	if (known.context?.itemIndex !== undefined) return known;
	return inputError(n8n.getNode(), known.message, known.description ?? undefined, itemIndex);
}

/**
 * What a failed item holds when the workflow goes on: the input's fields and
 * `error: { message, code, httpStatus, outcome }`, with a `SpaceId` where one of its spaces failed.
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
	const { code, httpStatus, outcome = 'notSent', SpaceId } = context as IDataObject;
	const error: IDataObject = {
		message: inWords(message, description),
		...(code === undefined ? {} : { code }),
		...(httpStatus === undefined ? {} : { httpStatus }),
		outcome,
		...(SpaceId === undefined ? {} : { SpaceId }),
	};
	if (n8n.getNode().onError === 'continueErrorOutput') return { error };
	return { ...keptOf(n8n.getInputData()[itemIndex].json), error };
}

/**
 * Code and message of a refusal that the builder chose to ignore, also if an answer before it was
 * lost.
 */
export function ignoredError(
	{ message, context }: ItemError,
	codes: string[],
): { code: string; message: string } | undefined {
	const { code, outcome } = context as { code?: string; outcome?: string };
	const isRefusal = outcome === 'refused' || (outcome === 'unknown' && isVerdict(code));
	return code !== undefined && isRefusal && codes.includes(code) ? { code, message } : undefined;
}

/** Said where one of several things failed, and n8n could go on with the others. */
export const GO_ON =
	'To go on with the others, choose Continue (using error output) under Settings > On Error.';

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
	const list = (title: string, some: Task[]) => some.length > 0 && `${title}: ${listed(some)}.`;

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
		GO_ON,
	]
		.filter(Boolean)
		.join(' ');
	return error;
}

/** The first ones by name, the others by their places, and of these no more than can be read. */
function listed(some: Task[]): string {
	const names = some.slice(0, NAMED).map(nameOf).join(', ');
	const others = some.slice(NAMED).map(({ itemIndex }) => itemIndex);
	if (others.length === 0) return names;
	const runs: number[][] = [];
	for (const index of others) {
		const run = runs.at(-1);
		if (run && run[1] === index - 1) run[1] = index;
		else runs.push([index, index]);
	}
	const places = runs
		.slice(0, NAMED)
		.map(([from, to]) => (from === to ? from : `${from} to ${to}`));
	const rest = runs.length > NAMED ? ', …' : '';
	return `${names} and ${others.length} more (items ${places.join(', ')}${rest})`;
}

/** How a builder finds an item again: by the reservation or space it is about, and its place. */
function nameOf({ itemIndex, request, output }: Task): string {
	const made = output?.length === 1 ? output[0].UltimoId : undefined;
	const about = request?.UltimoId ?? made ?? request?.SpaceId;
	return about === undefined ? `item ${itemIndex}` : `${String(about)} (item ${itemIndex})`;
}
