import type { IDataObject } from 'n8n-workflow';

import { text, type Failure } from './answer';

/** Network error codes that say that no request left this machine, or none reached a server. */
const NOT_SENT: Record<string, string> = {
	ECONNREFUSED: 'Nothing accepts connections there. Check the Environment URL and its port.',
	ENOTFOUND: 'No such host. Check the Environment URL of the credential for a typing error.',
	EAI_AGAIN: "The host's name could not be looked up. Check the network of the n8n server.",
	EHOSTUNREACH: "The host can't be reached. Check the network of the n8n server.",
	ENETUNREACH: "The network can't be reached. Check the network of the n8n server.",
};
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_SSL|ERR_TLS|EPROTO/;

/** Reads an error that n8n's helper threw in place of an answer; the codes are Node.js's. */
export function readNetworkError(error: unknown): Failure {
	const chain = causes(error);
	const code = chain.map((cause) => text(cause.code)).find((value) => value !== undefined);
	const connecting = chain.some(
		({ syscall, message }) =>
			syscall === 'connect' || /before secure TLS connection/.test(text(message) ?? ''),
	);
	if (code && CERTIFICATE.test(code)) {
		return {
			outcome: 'notSent',
			message: 'No secure connection to Ultimo',
			code,
			permanent: true,
			advice: 'The certificate of the host is not trusted. Check the Environment URL.',
		};
	}
	if (code && (code in NOT_SENT || connecting)) {
		return {
			outcome: 'notSent',
			message: 'No connection to Ultimo',
			code,
			advice:
				NOT_SENT[code] ?? 'The host did not answer. Check the Environment URL and the network.',
		};
	}
	const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
	return {
		outcome: 'unknown',
		message: timedOut
			? 'Ultimo did not answer in time'
			: 'The connection was lost before Ultimo answered',
		code: code ?? 'NoAnswer',
		advice:
			'The request may or may not have been carried out. Look in Ultimo before you repeat it.',
	};
}

/** The error and what it wraps: n8n wraps axios's error, axios wraps the socket's. */
function causes(error: unknown): IDataObject[] {
	const chain: IDataObject[] = [];
	for (let cause = error; cause instanceof Error && chain.length < 5; cause = cause.cause) {
		chain.push(cause as unknown as IDataObject);
	}
	return chain;
}
