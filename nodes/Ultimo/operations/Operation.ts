import type { IDataObject, INodeProperties, NodeApiError, NodeHint } from 'n8n-workflow';

import type { Parameters } from '../fields/parameter';
import type { Ultimo } from '../transport/request';
import type { Run } from '../transport/run';

/** What an item asks for, as plain data: equal data is the same request. */
export type ItemRequest = IDataObject;

/** What an operation is told of an item besides its request. */
export interface About {
	/** See `Operation`. */
	known: IDataObject;
	/**
	 * To be told of a part of the item that failed while others stand, such as one of its spaces; the
	 * error's `context` says the `SpaceId`.
	 * @throws that error, where On Error says to stop
	 */
	failed(error: NodeApiError): void;
}

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
	/** Options of this operation only, which `read` reads. */
	options?: INodeProperties[];
	/** What a language model is told where there is no output. */
	nothing?: string;
	/** Whether it changes anything in Ultimo: what is done must not be done again. */
	changes?: boolean;
	/** Shown before a run where it is true. */
	hint?: NodeHint;
	/** Whether the items must be sent one after the other, because their order decides. */
	inOrder?: boolean;
	/** Whether equal items of a run are one request. */
	sameRequestOnce?: boolean;
	/** Whether the output is about the reservation that the item is about, and may keep its fields. */
	includesInput?: boolean;
	/**
	 * Carries out an item of a dry run: changes nothing in Ultimo.
	 * @throws NodeApiError
	 */
	dryRun?(ultimo: Ultimo, request: ItemRequest, about: About): Promise<IDataObject[]>;
	/**
	 * What an item becomes whose error has a code that the builder chose to ignore.
	 * @param zone on whose clocks the output gives times
	 * @param done whether it was done all the same: no, or nobody knows
	 */
	skipped(request: ItemRequest, about: { zone: string; done: false | null }): IDataObject;
	/**
	 * Reads and checks the parameters of one item, before any request of the run is sent.
	 * @throws NodeOperationError that names the field
	 */
	read(parameters: Parameters): ItemRequest;
	/**
	 * What an item says besides its request: of the reservation, not checked, or how to go about it. It
	 * may be another at a retry of the same request.
	 */
	known?(parameters: Parameters, request: ItemRequest): IDataObject;
	/** Is told, before anything is sent, what an earlier try of the run has done for an item. */
	recall?(run: Run, output: IDataObject[]): void;
	/**
	 * Carries out one item.
	 * @returns the output items' data
	 * @throws NodeApiError
	 */
	execute(ultimo: Ultimo, request: ItemRequest, about: About): Promise<IDataObject[]>;
	/** Adds to an error of `execute` what Ultimo can tell of its cause. */
	explain?(ultimo: Ultimo, request: ItemRequest, error: NodeApiError): Promise<void>;
}
