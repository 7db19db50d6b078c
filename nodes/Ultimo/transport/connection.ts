import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type INode,
	type IPollFunctions,
} from 'n8n-workflow';

import type { HttpAnswer } from './answer';
import { apiKeyOf, authenticated, environmentOf } from './credential';
import { ACTIONS, actionUrl, type Action } from './endpoints';
import { gateOf, type Gate } from './gate';
import { REQUESTS_PER_WINDOW } from './limits';

/** A node that runs or polls, or its editor that looks something up. */
export type Caller = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

/** The way to one environment with one credential, which is read once, here. */
export interface Connection {
	readonly node: INode;
	readonly environment: string;
	/** Whose reservations these are: a customer may have several companies in one environment. */
	readonly company: string;
	readonly key: string;
	/** Requests per window that the credential allows; `Infinity` for no quota. */
	readonly limit: number;
	readonly gate: Gate;
	/** In which times without a zone are read. */
	readonly zone: string;
	/** n8n's, for a user's Stop. The editor's look-ups have none, and older n8n has none for any node. */
	readonly signal?: AbortSignal;
	/** One request with all that the credential adds to it. Throws n8n's errors where no answer came. */
	send(request: IHttpRequestOptions): Promise<HttpAnswer>;
}

/** @throws NodeOperationError when the credential can't be used */
export async function connect(n8n: Caller): Promise<Connection> {
	const credential = await n8n.getCredentials('ultimoApi');
	const node = n8n.getNode();
	try {
		const environment = environmentOf(credential);
		// n8n's helper would throw these only when it sends, and look as if the connection was lost.
		for (const action of Object.keys(ACTIONS) as Action[]) {
			authenticated(credential, { url: actionUrl(environment, action) });
		}
		// With and without client certificate it is the same customer.
		const customer = environment.replace('//api-', '//').toLowerCase();
		// Saves n8n from reading and decrypting the credential for every request.
		const credentialsDecrypted = { id: '', name: '', type: 'ultimoApi', data: credential };
		return {
			node,
			environment,
			company: `${customer} ${String(credential.company ?? '')}`,
			key: apiKeyOf(credential),
			limit: limitOf(credential),
			gate: gateOf(customer),
			zone: n8n.getTimezone(),
			signal: (n8n as Partial<IExecuteFunctions>).getExecutionCancelSignal?.(),
			send: async (request) =>
				(await n8n.helpers.httpRequestWithAuthentication.call(n8n, 'ultimoApi', request, {
					credentialsDecrypted,
				})) as HttpAnswer,
		};
	} catch (error) {
		throw new NodeOperationError(node, (error as Error).message, {
			description: 'Correct it in the credential "Ultimo API" of this node.',
		});
	}
}

/** Requests per window; 0 in the credential is for an environment without the quota. */
function limitOf({ requestsPer10Seconds: typed }: ICredentialDataDecryptedObject): number {
	const empty = typed === undefined || typed === null || String(typed).trim() === '';
	const limit = empty ? REQUESTS_PER_WINDOW : Number(typed);
	if (limit === 0) return Infinity;
	if (limit >= 1) return Math.floor(limit);
	throw new Error('Requests per 10 Seconds must be a whole number: 0 for no quota, or 1 and more');
}
