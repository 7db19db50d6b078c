import type { IDataObject, NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Request } from '../operations/Operation';

export type ItemError = NodeApiError | NodeOperationError;

/** What became of an item: the data of its output items, or why there are none. */
export interface Fate {
	output?: IDataObject[];
	error?: ItemError;
}

/** One input item on its way; without a fate it was not tried yet. */
export interface Task extends Fate {
	readonly itemIndex: number;
	/** Missing when the item's parameters were refused. */
	request?: Request;
}
