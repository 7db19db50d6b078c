import { randomUUID } from 'node:crypto';
import { defaults } from '../ultimo/options.mts';

export interface Node {
	name: string;
	type: string;
	typeVersion: number;
	parameters: object;
	webhookId?: string;
	credentials?: object;
	onError?: 'continueRegularOutput' | 'continueErrorOutput';
	retryOnFail?: boolean;
	maxTries?: number;
}

/** A credential as a node names it; n8n looks for the name where it does not know the id. */
export interface CredentialName {
	id: string | null;
	name: string;
}

export type NodeSettings = Omit<Partial<Node>, 'name' | 'type' | 'typeVersion' | 'parameters'>;

/** What a credential for a local Ultimo holds. */
export const credentialFor = ({ url }: { url: string }, more: object = {}) => ({
	type: 'ultimoApi',
	data: { baseUrl: url, apiKey: defaults.apiKey, ...more },
});

const ultimoApi = ({ id, name }: CredentialName) => ({ ultimoApi: { id, name } });

export const manualTrigger: Node = {
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

export const WEBHOOK = 'Webhook';
export const webhook = (path: string, responseData: 'allEntries' | 'noData'): Node => ({
	name: WEBHOOK,
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: path,
	parameters: { path, httpMethod: 'POST', responseMode: 'lastNode', responseData, options: {} },
});

/** One item with this JSON, or with what this expression gives. */
export const setJson = (name: string, json: object | string): Node => ({
	name,
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: {
		mode: 'raw',
		jsonOutput: typeof json === 'string' ? json : JSON.stringify(json),
		options: {},
	},
});

/** An item for each entry of a list. */
export const splitOut = (name: string, fieldToSplitOut: string, options: object = {}): Node => ({
	name,
	type: 'n8n-nodes-base.splitOut',
	typeVersion: 1,
	parameters: { fieldToSplitOut, options },
});

/** This package's node. */
export const reservationNode = (
	name: string,
	credential: CredentialName,
	parameters: object = {},
	settings: NodeSettings = {},
): Node => ({
	name,
	type: 'n8n-nodes-ultimo.ultimoReservation',
	typeVersion: 1,
	parameters,
	credentials: ultimoApi(credential),
	...settings,
});

/** This package's trigger; it polls every minute unless told otherwise. */
export const triggerNode = (
	name: string,
	credential: CredentialName,
	parameters: object,
): Node => ({
	name,
	type: 'n8n-nodes-ultimo.ultimoReservationTrigger',
	typeVersion: 1,
	parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters },
	credentials: ultimoApi(credential),
});

export const cancelById = {
	operation: 'cancel',
	reservationId: { __rl: true, mode: 'id', value: '={{ $json.UltimoId }}' },
};

/** n8n's own HTTP Request node with this package's credential. */
export const httpRequest = (
	name: string,
	credential: CredentialName,
	parameters: object,
	settings: NodeSettings = {},
): Node => ({
	name,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		method: 'POST',
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'ultimoApi',
		options: {},
		...parameters,
	},
	credentials: ultimoApi(credential),
	...settings,
});

/** Nodes one after the other; those of a list stand beside each other and all get what comes before. */
export function workflow(name: string, row: Array<Node | Node[]>, settings: object = {}) {
	const columns = row.map((some) => [some].flat());
	const to = (nodes: Node[]) => nodes.map(({ name: node }) => ({ node, type: 'main', index: 0 }));
	return {
		name,
		nodes: columns.flatMap((nodes, column) =>
			nodes.map((node, index) => ({
				id: randomUUID(),
				position: [column * 224, index * 200],
				...node,
			})),
		),
		connections: Object.fromEntries(
			columns
				.slice(0, -1)
				.flatMap((nodes, column) =>
					nodes.map((node) => [node.name, { main: [to(columns[column + 1])] }]),
				),
		),
		settings: { executionOrder: 'v1', ...settings },
	};
}
