import { cancelById, httpRequest, reservationNode, type CredentialName } from '../n8n/workflow.mts';

export const ourCancel = (credential: CredentialName) =>
	reservationNode('Ultimo Reservation', credential, cancelById);

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
