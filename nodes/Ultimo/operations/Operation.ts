import type { IDataObject, INodeProperties, NodeApiError, NodeHint } from 'n8n-workflow';

import type { Parameters } from '../fields/parameter';
import type { Ultimo } from '../transport/request';
import type { Run } from '../transport/run';

/** What an item asks for, as plain data: equal data is the same request. */
export type ItemRequest = IDataObject;

/**
 * Told of a part of an item that failed; its error's `context` says the `SpaceId`.
 * @throws that error, where On Error says to stop
 */
export type PartFailed = (error: NodeApiError) => void;

/** One operation of the node. The dropdown, the fields, the options and the dispatch are made from these. */
export interface Operation {
	/** The value that saved workflows hold; the file has the same name. */
	value: string;
	name: string;
	/** What the node is called in the list of actions and on the canvas. */
	action: string;
	description: string;
	/** Shown for this operation only. */
	fields: INodeProperties[];
	/** Shown before a run where it is true. */
	hint?: NodeHint;
	/** Whether the items must be sent one after the other, because their order decides. */
	inOrder?: boolean;
	/** Whether equal items of a run are one request. */
	sameRequestOnce?: boolean;
	/** What an item becomes that was not asked for, because the run is a dry one. */
	dryRun?(request: ItemRequest): IDataObject;
	/** What an item becomes whose error has a code that the builder chose to ignore. */
	skipped(request: ItemRequest): IDataObject;
	/**
	 * Reads and checks the parameters of one item, before any request of the run is sent.
	 * @throws NodeOperationError that names the field
	 */
	read(parameters: Parameters): ItemRequest;
	/** Is told, before anything is sent, what an earlier try of the run has done for an item. */
	recall?(run: Run, output: IDataObject[]): void;
	/**
	 * Carries out one item.
	 * @param failed for a part of the item, such as one of its spaces, that failed while others stand
	 * @returns the output items' data
	 * @throws NodeApiError
	 */
	execute(ultimo: Ultimo, request: ItemRequest, failed: PartFailed): Promise<IDataObject[]>;
	/** Adds to an error of `execute` what Ultimo can tell of its cause. */
	explain?(ultimo: Ultimo, request: ItemRequest, error: NodeApiError): Promise<void>;
}
