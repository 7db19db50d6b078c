import { createHash } from 'crypto';
import {
	NodeOperationError,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type INode,
	type IPollFunctions,
} from 'n8n-workflow';

import type { HttpAnswer } from './answer';
import { blotter } from './blot';
import { readCredential } from './credential';
import { gateOf, type Gate } from './gate';
import { Stop } from './stop';
import { Deadlines, wholeAnswer, type OpenAnswer } from './wholeAnswer';

/** A node that runs or polls, or its editor that looks something up. */
export type Caller = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

/** The way to one environment with one credential, which is read once, here. */
export interface Connection {
	readonly node: INode;
	readonly environment: string;
	/** Whose reservations these are: a customer may have several companies in one environment. */
	readonly company: string;
	/** Tells one API key from another, and is none: a gate outlives its runs. */
	readonly key: string;
	/** Removes the API key from a text of others. */
	blot(text: string): string;
	/** Requests per window that the credential allows; `Infinity` for no quota. */
	readonly limit: number;
	readonly gate: Gate;
	/** In which times without a zone are read. */
	readonly zone: string;
	/** The user's, which ends everything. */
	readonly stop: Stop;
	/**
	 * One request with all that the credential adds to it, and the whole answer, within its timeout.
	 * Throws n8n's errors where no answer came.
	 */
	send(request: IHttpRequestOptions & { timeout: number }): Promise<HttpAnswer>;
}

/** @throws NodeOperationError when the credential can't be used */
export async function connect(n8n: Caller): Promise<Connection> {
	const credential = await n8n.getCredentials('ultimoApi');
	const node = n8n.getNode();
	try {
		const { environment, customer, company, key, limit } = readCredential(credential);
		// Saves n8n from reading and decrypting the credential for every request.
		const credentialsDecrypted = { id: '', name: '', type: 'ultimoApi', data: credential };
		const gate = gateOf(customer);
		// The editor's look-ups have none, and older n8n has none for any node.
		const signal = (n8n as Partial<IExecuteFunctions>).getExecutionCancelSignal?.();
		const stop = Stop.of(signal);
		const deadlines = new Deadlines(gate.clock);
		return {
			node,
			environment,
			company: `${customer} ${company}`,
			key: createHash('sha256').update(key).digest('hex'),
			blot: blotter(key),
			limit,
			gate,
			zone: n8n.getTimezone(),
			stop,
			send: async (request) => {
				const options: IHttpRequestOptions = {
					...request,
					// The status is data: n8n sends a request again by itself when its helper throws on 401.
					ignoreHttpStatusErrors: true,
					returnFullResponse: true,
					// Else n8n itself waits for all of the body, and decodes it, whatever its length.
					encoding: 'stream',
				};
				const ask = async (end: AbortSignal) => {
					// n8n's helper takes the signal from its caller only.
					const caller = Object.create(n8n, {
						getExecutionCancelSignal: { value: () => end },
					}) as Caller;
					const { httpRequestWithAuthentication } = n8n.helpers;
					return (await httpRequestWithAuthentication.call(caller, 'ultimoApi', options, {
						credentialsDecrypted,
					})) as OpenAnswer;
				};
				return await wholeAnswer(deadlines, request.timeout, ask, stop);
			},
		};
	} catch (error) {
		throw new NodeOperationError(node, (error as Error).message, {
			description: 'Correct it in the credential "Ultimo API" of this node.',
		});
	}
}
