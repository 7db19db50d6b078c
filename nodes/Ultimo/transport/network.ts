import { LOOK_FIRST, text } from './answer';
import { NO_ANSWER } from './codes';
import type { Failure } from './failure';

/** Codes of Node.js that say that no request was sent, and what to do. */
const NO_HOST = new Map([
	['ECONNREFUSED', 'Nothing accepts connections there. Check the Environment URL and its port.'],
	['ENOTFOUND', 'No such host. Check the Environment URL of the credential for a typing error.'],
	['EAI_AGAIN', "The host's name could not be looked up. Check the network of the n8n server."],
]);

const SELF_SIGNED =
	'Check the Environment URL; for a self-signed certificate turn on Ignore SSL Issues in the credential.';

/** Codes of OpenSSL's that end a handshake for good, and what to do. */
const NO_TRUST: Array<[RegExp, string]> = [
	[
		/^CERT_UNTRUSTED$/,
		`The certificate of the host is not trusted, out of date or that of another host, or the host refused our side. Check the client certificate. ${SELF_SIGNED}`,
	],
	[/^ERR_OSSL/, 'Check Client Certificate, Client Key and Client Passphrase of the credential.'],
	[/alert/i, 'The host refused our side: it may demand a client certificate, see the credential.'],
	[
		/wrong.version.number|packet.length.too.long/i,
		'The host speaks http there, not https. Check the Environment URL and its port.',
	],
	[
		/EXPIRED|NOT_YET_VALID/,
		'The certificate of the host is out of date, or the clock of the n8n server is wrong. Tell those who run them.',
	],
	[/ALTNAME/, 'The certificate is that of another host. Check the Environment URL.'],
	[/SELF_SIGNED|UNABLE_TO|CERT/, `The certificate of the host is not trusted. ${SELF_SIGNED}`],
];

/** Reads an error that n8n's helper threw in place of an answer. */
export function readNetworkError(error: unknown): Failure {
	const chain = causes(error);
	// Some releases of n8n lose the cause, but keep its code as httpCode.
	// n8n 1.123 wraps OpenSSL's "no" to a certificate in an error of its own that loses all causes.
	const untrusted = chain.some(({ name }) => name === 'NodeSslError')
		? 'CERT_UNTRUSTED'
		: undefined;
	const known = chain.map((one) => text(one.code) ?? text(one.httpCode)).find(Boolean);
	const code = known ?? untrusted;
	const connecting = chain.some(
		({ syscall, message }) =>
			syscall === 'connect' || /before secure TLS connection/.test(text(message) ?? ''),
	);
	// Of this one, only the message has OpenSSL's words.
	const words = code === 'EPROTO' ? chain.map((one) => text(one.message) ?? '').join(' ') : code;
	const noTrust = NO_TRUST.find(([pattern]) => pattern.test(words ?? ''));
	if (code && noTrust) {
		return {
			outcome: 'notSent',
			message: 'No secure connection to Ultimo',
			code,
			permanent: true,
			advice: noTrust[1],
		};
	}
	if (code && (NO_HOST.has(code) || connecting)) {
		return {
			outcome: 'notSent',
			message: 'No connection to Ultimo',
			code,
			advice:
				NO_HOST.get(code) ?? 'The host did not answer. Check the Environment URL and the network.',
		};
	}
	const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
	return {
		outcome: 'unknown',
		message: timedOut
			? 'Ultimo did not answer in time'
			: 'The connection was lost before Ultimo answered',
		code: code ?? NO_ANSWER,
		advice: LOOK_FIRST,
	};
}

/**
 * The error and what it wraps: n8n wraps axios's error, axios wraps the socket's, and of a host with
 * several addresses Node.js wraps one for each.
 */
function causes(error: unknown): Array<Record<string, unknown>> {
	const chain: Array<Record<string, unknown>> = [];
	let next = error;
	while (typeof next === 'object' && next !== null && chain.length < 5) {
		chain.push(next as Record<string, unknown>);
		const { cause, errors } = next as { cause?: unknown; errors?: unknown[] };
		next = cause ?? errors?.[0];
	}
	return chain;
}
