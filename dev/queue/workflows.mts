/** What a company builds: something calls with a list of reservations, and they are cancelled. */
export interface CancelWorkflow {
	name: string;
	/** Of the webhook's URL. */
	path: string;
	credential: { id: string; name: string };
	/** The node's options. */
	options?: Record<string, unknown>;
}

export const CANCEL_NODE = 'Cancel reservation';
export const WEBHOOK = 'Webhook';
const SPLIT = 'One item a reservation';

const to = (node: string) => [{ node, type: 'main', index: 0 }];

export function cancelWorkflow({ name, path, credential, options = {} }: CancelWorkflow) {
	const node = (title: string, type: string, typeVersion: number, parameters: object) => ({
		id: title,
		name: title,
		type,
		typeVersion,
		position: [0, 0],
		parameters,
	});
	const nodes = [
		{
			...node(WEBHOOK, 'n8n-nodes-base.webhook', 2, {
				httpMethod: 'POST',
				path,
				responseMode: 'lastNode',
				responseData: 'allEntries',
				options: {},
			}),
			webhookId: path,
		},
		node(SPLIT, 'n8n-nodes-base.splitOut', 1, {
			fieldToSplitOut: 'body.ids',
			options: { destinationFieldName: 'UltimoId' },
		}),
		{
			...node(CANCEL_NODE, 'n8n-nodes-ultimo.ultimoReservation', 1, {
				operation: 'cancel',
				reservationId: { __rl: true, mode: 'id', value: '={{ $json.UltimoId }}' },
				options,
			}),
			credentials: { ultimoApi: credential },
			onError: 'continueRegularOutput',
		},
	];
	const connections = { [WEBHOOK]: { main: [to(SPLIT)] }, [SPLIT]: { main: [to(CANCEL_NODE)] } };
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}
