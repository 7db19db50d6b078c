import type { IDataObject, NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { ItemRequest } from '../operations/Operation';
import type { Failure } from '../transport/failure';
import type { ItemOptions } from './options';

export type ItemError = NodeApiError | NodeOperationError;

/** What became of an item: the data of its output items, or why there are none. */
export interface Fate {
	output?: IDataObject[];
	error?: ItemError;
	/** Of parts of the item that failed while the output of the others stands. */
	parts?: ItemError[];
}

/** One input item on its way; without a fate it was not tried yet. */
export interface Task extends Fate {
	readonly itemIndex: number;
	/** Missing when the item's parameters were refused. */
	request?: ItemRequest;
	/** What the item tells besides; see `Operation`. */
	known?: IDataObject;
	options?: ItemOptions;
	/** Whether it was carried out, now or at an earlier try; others may be skipped or dry. */
	isDone?: boolean;
	/** Why an earlier try of this run does not know what became of the item. */
	lostBefore?: Failure;
}

/**
 * The fields of an input item that its result or its error may stand beside. What an earlier step said
 * of its own request, such as that it was a dry run, is not true of this one.
 */
export function keptOf(input: IDataObject): IDataObject {
	const own = [
		'error',
		'dryRun',
		'found',
		'skipped',
		...(input.skipped ? ['code', 'message'] : []),
		// Of what was not done then, an error of now may leave open whether it is.
		...(input.skipped || input.dryRun ? ['cancelled', 'created', 'updated'] : []),
	];
	return Object.fromEntries(Object.entries(input).filter(([name]) => !own.includes(name)));
}
