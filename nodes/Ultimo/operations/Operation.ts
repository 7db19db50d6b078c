import type { IDataObject, IExecuteFunctions, INodeProperties, NodeApiError } from 'n8n-workflow';

import type { Session } from '../transport/session';

/** What an item asks for, as plain data: equal data is the same request. */
export type Request = IDataObject;

/** One operation of the node. The dropdown, the fields and the dispatch are made from these. */
export interface Operation {
	/** The value that saved workflows hold; the file has the same name. */
	value: string;
	name: string;
	/** What the node is called in the list of actions and on the canvas. */
	action: string;
	description: string;
	/** Shown for this operation only. */
	fields: INodeProperties[];
	/** Whether the items must be sent one after the other, because their order decides. */
	inOrder?: boolean;
	/** Whether equal items of a run are one request. */
	sameRequestOnce?: boolean;
	/** What an item becomes that was not asked for, because the run is a dry one. */
	dryRun?(request: Request): IDataObject;
	/** What an item becomes whose error has a code that the builder chose to ignore. */
	skipped(request: Request): IDataObject;
	/**
	 * Reads and checks the parameters of one item, before any request of the run is sent.
	 * @throws NodeOperationError that names the field
	 */
	read(this: IExecuteFunctions, itemIndex: number): Request;
	/**
	 * Carries out one item.
	 * @returns the output items' data
	 * @throws NodeApiError
	 */
	execute(
		this: IExecuteFunctions,
		session: Session,
		request: Request,
		itemIndex: number,
	): Promise<IDataObject[]>;
	/** Adds to an error of `execute` what Ultimo can tell of its cause. */
	explain?(
		this: IExecuteFunctions,
		session: Session,
		request: Request,
		itemIndex: number,
		error: NodeApiError,
	): Promise<void>;
}
