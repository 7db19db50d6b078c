import {
	cancelById,
	httpRequest,
	reservationNode,
	setJson,
	type CredentialName,
} from '../n8n/workflow.mts';

export const ourCancel = (credential: CredentialName) =>
	reservationNode('Ultimo Reservation', credential, cancelById);

/** By an expression that only n8n can evaluate; the one above names a field and does nothing with it. */
export const ourCancelComputed = (credential: CredentialName) =>
	reservationNode('Ultimo Reservation', credential, {
		...cancelById,
		reservationId: { ...cancelById.reservationId, value: '={{ $json.UltimoId.trim() }}' },
	});

/** With Reservation left empty, as it is in a new node: then n8n has no expression to evaluate. */
export const ourCancelOfItems = (credential: CredentialName) =>
	reservationNode('Ultimo Reservation', credential, { operation: 'cancel' });

/** n8n's own share: a node of its own that gives the same items, by one expression and no request. */
export const editFields = setJson(
	'Edit Fields',
	'={{ { UltimoId: $json.UltimoId, cancelled: true } }}',
);

/** What people use today: n8n's own node, with the same credential. */
export const cancelByHttp = (
	credential: CredentialName,
	{ url }: { url: string },
	options: object = {},
) =>
	httpRequest('HTTP Request', credential, {
		url: `${url}/api/v1/action/REST_CancelReservation`,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '={{ { "UltimoId": $json.UltimoId } }}',
		options,
	});

export const BATCHED_BY_HAND = { batching: { batch: { batchSize: 10, batchInterval: 1000 } } };
