import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IHttpRequestOptions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { actionUrl } from '../transport/endpoints';
import { readAnswer } from '../transport/answer';
import { isVerdict } from '../transport/codes';
import { apiKeyOf, authenticated, environmentOf } from '../transport/credential';
import { inWords } from '../transport/errors';
import type { Failure } from '../transport/failure';
import { readNetworkError } from '../transport/network';
import { HEADERS } from '../transport/request';

const TIMEOUT_MS = 15_000;
/** Only read: the reservations of a minute long past, of a space that need not exist. */
const BODY = JSON.stringify({
	SpaceId: 'n8n-connection-test',
	From: '2000-01-01T00:00:00Z',
	Till: '2000-01-01T00:01:00Z',
});

/** Says whether Ultimo accepts the credential, or exactly what is wrong with it. */
async function ultimoApiTest(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	let request: IHttpRequestOptions;
	try {
		request = authenticated(data, {
			method: 'POST',
			url: actionUrl(environmentOf(data), 'REST_GetReservationsForSpace'),
			headers: HEADERS,
		});
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}

	// n8n gives credential tests this older helper only.
	const { helpers } = this;
	let failure: Failure;
	try {
		const answer = await helpers.request({
			...request,
			body: BODY,
			timeout: TIMEOUT_MS,
			simple: false,
			resolveWithFullResponse: true,
		});
		const result = readAnswer(answer, BODY.length, Date.now(), apiKeyOf(data));
		if ('properties' in result) return CONNECTED;
		({ failure } = result);
	} catch (error) {
		failure = readNetworkError(error);
	}
	// A refusal in Ultimo's own words of a space that need not exist: the key was accepted.
	const { outcome, httpStatus, code, message, advice } = failure;
	if (outcome === 'refused' && isVerdict(code) && (httpStatus === 200 || httpStatus === 400)) {
		return CONNECTED;
	}
	const todo = outcome === 'unknown' ? 'Check the Environment URL, or test again later.' : advice;
	const named = code ? `${message.replace(/\.$/, '')} [${code}]` : message;
	return { status: 'Error', message: inWords(named, todo) };
}

const CONNECTED: INodeCredentialTestResult = {
	status: 'OK',
	message:
		'Connected. Whether the key may also cancel reservations shows at the first cancellation.',
};

export const credentialTest = { ultimoApiTest };
