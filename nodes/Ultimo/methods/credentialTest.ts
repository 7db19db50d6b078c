import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IHttpRequestOptions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { readAnswer } from '../transport/answer';
import { blotter } from '../transport/blot';
import { CHECK, isVerdict } from '../transport/codes';
import { authenticated, readCredential, type Settings } from '../transport/credential';
import { actionUrl } from '../transport/endpoints';
import type { Failure } from '../transport/failure';
import { systemClock } from '../transport/clock';
import { readNetworkError } from '../transport/network';
import { HEADERS } from '../transport/request';
import { Deadlines, wholeAnswer } from '../transport/wholeAnswer';
import { inWords, withCode } from '../transport/words';

const TIMEOUT_MS = 15_000;
/** Only read: the reservations of a minute long past, of a space that need not exist. */
const BODY = JSON.stringify({
	SpaceId: 'n8n-connection-test',
	From: '2000-01-01T00:00:00Z',
	Till: '2000-01-01T00:01:00Z',
});

/** Says whether Ultimo accepts the credential, or exactly what is wrong with it. */
export async function ultimoApiTest(
	{ helpers }: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	let settings: Settings;
	let request: IHttpRequestOptions;
	try {
		settings = readCredential(data);
		request = authenticated(data, {
			method: 'POST',
			url: actionUrl(settings.environment, 'REST_GetReservationsForSpace'),
			headers: HEADERS,
			body: BODY,
		});
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}

	// n8n gives credential tests this older helper only, which can't be told to end a request.
	const ask = async () =>
		await helpers.request({
			...request,
			timeout: TIMEOUT_MS,
			simple: false,
			resolveWithFullResponse: true,
			useStream: true,
		});
	let failure: Failure;
	try {
		const answer = await wholeAnswer(new Deadlines(systemClock), TIMEOUT_MS, ask);
		const result = readAnswer(answer, BODY.length, Date.now(), blotter(settings.key));
		if ('properties' in result) return CONNECTED;
		({ failure } = result);
	} catch (error) {
		failure = readNetworkError(error);
	}
	// A refusal in Ultimo's own words of a space that need not exist: the key was accepted.
	const { outcome, httpStatus, code, message } = failure;
	if (outcome === 'refused' && isVerdict(code) && (httpStatus === 200 || httpStatus === 400)) {
		return CONNECTED;
	}
	return { status: 'Error', message: inWords(withCode(message, code), whatToDo(failure)) };
}

function whatToDo({ outcome, code, advice, quota }: Failure): string {
	if (code === 'ECONNRESET') {
		return 'Check the Environment URL and, if the API key demands one, the client certificate. Or test again later.';
	}
	if (outcome === 'unknown') return 'Check the Environment URL, or test again later.';
	if (quota) return `${advice} Test again later.`;
	return advice === CHECK ? `${advice} Check Custom Ultimo Workflows and Company ID.` : advice;
}

const CONNECTED: INodeCredentialTestResult = {
	status: 'OK',
	message:
		'Connected. Whether the key may also cancel reservations shows at the first cancellation.',
};
