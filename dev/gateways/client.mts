import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { connect, type Caller } from '../../nodes/Ultimo/transport/connection.ts';
import { authenticated } from '../../nodes/Ultimo/transport/credential.ts';
import { Gate } from '../../nodes/Ultimo/transport/gate.ts';
import { Ultimo } from '../../nodes/Ultimo/transport/request.ts';
import { Run } from '../../nodes/Ultimo/transport/run.ts';
import { credentialFor } from '../n8n/workflow.mts';

const PATIENCE = { timeout: 60_000, giveUpAfter: 120 };
const WORKERS = 10;

/** As much of n8n as the transport needs, with fetch for n8n's helper. */
function n8nWith(data: ICredentialDataDecryptedObject, answered: (status: number) => void): Caller {
	const send = async (_: string, asked: IHttpRequestOptions) => {
		const { url, method, headers, body } = authenticated(data, asked);
		const init = { method, headers: headers as Record<string, string>, body: body as string };
		const answer = await fetch(url, init);
		const { status: statusCode } = answer;
		answered(statusCode);
		return { statusCode, headers: Object.fromEntries(answer.headers), body: await answer.text() };
	};
	return {
		getCredentials: async () => data,
		getNode: () => ({ name: 'Ultimo' }),
		getTimezone: () => 'utc',
		helpers: { httpRequestWithAuthentication: send },
	} as unknown as Caller;
}

/**
 * Cancels these reservations by the node's transport, as a process of its own would.
 * @returns how many requests were sent, and how many of them refused for want of quota
 */
export async function cancelAll(url: string, ids: string[]) {
	const total = { sent: 0, refused: 0 };
	const answered = (status: number) => {
		total.sent++;
		if (status === 429) total.refused++;
	};
	const connection = await connect(n8nWith(credentialFor({ url }).data, answered));
	const run = new Run({ ...connection, gate: new Gate() }, PATIENCE);
	let next = 0;
	const worker = async () => {
		while (next < ids.length) {
			const UltimoId = ids[next++];
			await new Ultimo(run).ask('REST_CancelReservation', { UltimoId });
		}
	};
	await Promise.all(Array.from({ length: WORKERS }, worker));
	return total;
}
