import type { Credential } from '../n8n/instance.mts';

export const MEASURED = 'Measured node';
export const LIST = 'Items';
/** The webhook's path and the workflow's id, or that of a workflow to be run by `n8n execute`. */
export type Trigger = 'webhook' | 'manual';

interface NodeSettings {
	type: string;
	typeVersion: number;
	parameters: object;
	credentials: Record<string, { id: string; name: string }>;
	onError?: 'continueRegularOutput';
}

interface Wiring {
	id: string;
	name: string;
	trigger: Trigger;
	/** An expression in n8n's language that gives the list of items; see {@link idsFrom}. */
	items: string;
	node: NodeSettings;
}

/** `count` items with the ids of `manyReservations`, from its `first`-th on. */
export const idsFrom = (first: number, count: number) =>
	`Array.from({ length: ${count} }, (_, i) => ({ UltimoId: String(${100_000 + first} + i).padStart(11, '0') }))`;

const triggers = {
	webhook: (path: string) => ({
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: {
			path,
			httpMethod: 'POST',
			responseMode: 'lastNode',
			responseData: 'noData',
			options: {},
		},
	}),
	manual: () => ({ type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} }),
};

/** Trigger -> a list -> one item each -> the node that is measured. */
export function workflow({ id, name, trigger, items, node }: Wiring) {
	const nodes = [
		{ name: 'Start', ...triggers[trigger](id) },
		{
			name: 'List',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: `={{ { items: ${items} } }}`, options: {} },
		},
		{
			name: LIST,
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'items', options: {} },
		},
		{ name: MEASURED, ...node },
	];
	return {
		id,
		name,
		nodes: nodes.map((one, index) => ({
			id: `${id}-${index}`,
			position: [index * 224, 0],
			...one,
		})),
		connections: Object.fromEntries(
			nodes
				.slice(1)
				.map((next, index) => [
					nodes[index].name,
					{ main: [[{ node: next.name, type: 'main', index: 0 }]] },
				]),
		),
		active: false,
		settings: { executionOrder: 'v1' },
	};
}

type Pick = { id: string; name: string };

export const ourNode = (
	credential: Pick,
	operation: object,
	extra: Partial<NodeSettings> = {},
): NodeSettings => ({
	type: 'n8n-nodes-ultimo.ultimoReservation',
	typeVersion: 1,
	parameters: operation,
	credentials: { ultimoApi: { id: credential.id, name: credential.name } },
	...extra,
});

export const ourCancel = {
	operation: 'cancel',
	reservationId: { __rl: true, mode: 'id', value: '={{ $json.UltimoId }}' },
};

/** What people use today: n8n's own node, with the same credential. */
export const httpRequest = (
	credential: Pick,
	baseUrl: string,
	options: object = {},
): NodeSettings => ({
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		method: 'POST',
		url: `${baseUrl}/api/v1/action/REST_CancelReservation`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'ultimoApi',
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '={{ { "UltimoId": $json.UltimoId } }}',
		options,
	},
	credentials: { ultimoApi: { id: credential.id, name: credential.name } },
});

export const BATCHED_BY_HAND = { batching: { batch: { batchSize: 10, batchInterval: 1000 } } };

export const API_KEY = 'demo-key';

export const credentialFor = (baseUrl: string, requestsPer10Seconds: number): Credential => ({
	id: 'ultimoMeasured',
	name: 'Ultimo (measured)',
	type: 'ultimoApi',
	data: { baseUrl, apiKey: API_KEY, requestsPer10Seconds },
});
