import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { ACTIONS, actionOf, actionUrl, type Action } from './endpoints';
import { clientHost, customerOf, environmentUrl, isWithin } from './environment';
import { REQUESTS_PER_WINDOW } from './limits';
import { cut } from './words';

/** A header can carry no key that is much longer, nor a pattern of {@link blotter} find it. */
const LONGEST_KEY = 1000;

/** What a credential says, checked as far as it can be without asking Ultimo. */
export interface Settings {
	/** As {@link environmentUrl} gives it. */
	environment: string;
	/** Whose environment it is, whichever of its hosts is asked. */
	customer: string;
	/** In which of the customer's companies; empty for the one of the key. */
	company: string;
	key: string;
	/** Requests per window; `Infinity` for no quota. */
	limit: number;
}

/** @throws Error with a sentence for the builder, which does not repeat a secret */
export function readCredential(credential: ICredentialDataDecryptedObject): Settings {
	const environment = environmentOf(credential);
	// n8n's helpers would throw these only when they send, and look as if the connection was lost.
	for (const action of Object.keys(ACTIONS) as Action[]) {
		authenticated(credential, { url: actionUrl(environment, action) });
	}
	return {
		environment,
		customer: customerOf(environment),
		company: headerText(credential.company, 'Company ID'),
		key: apiKeyOf(credential),
		limit: limitOf(credential),
	};
}

function environmentOf({ baseUrl, useClientCertificate }: ICredentialDataDecryptedObject): string {
	const environment = environmentUrl(baseUrl);
	return useClientCertificate ? clientHost(environment) : environment;
}

/**
 * A request with all that the credential adds to it; headers that are there stay.
 *
 * A function in place of a declarative `authenticate`, which overwrites headers that a builder
 * typed and authenticates requests to any host. Who may use a credential may not read it, so nothing
 * of the request has a say in where the key goes, past whom, and to whom it may be shown.
 *
 * n8n's HTTP Request node passes `uri` for `url` and other options than our node, which n8n's older
 * helper reads; see `buildAxiosConfigFromLegacyRequest` in @n8n/backend-network.
 * @throws Error with a sentence for the builder, which does not repeat a secret
 */
export function authenticated(
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): IHttpRequestOptions {
	const environment = environmentOf(credential);
	const { url: path, uri, baseURL, ...rest } = request as LegacyRequest;
	const url = new URL(path ?? uri, baseURL);
	if (!isWithin(environment, url)) {
		throw new Error(
			`This Ultimo API credential belongs to ${cut(environment)}, so its key is not sent to ${cut(url.origin + url.pathname)}. Correct the URL of the request or choose another credential`,
		);
	}
	if (/trace|track|connect/i.test(String(request.method))) {
		throw new Error('A request of this method would bring the API key back in its answer');
	}

	// A gateway takes the environment that the header Host names.
	const headers = Object.fromEntries(
		Object.entries<unknown>({ ...request.headers }).filter(([name]) => !/^\s*host\s*$/i.test(name)),
	) as IDataObject;
	const present = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
	const add = (name: string, value: string) => {
		if (value !== '' && !present.has(name.toLowerCase())) headers[name] = value;
	};
	add('ApiKey', apiKeyOf(credential));
	const action = actionOf(url);
	if (action) add('ApplicationElementId', elementId(credential, action));
	add('Accept-Language', headerText(credential.language, 'Response Language'));
	add('Ultimo-Company', headerText(credential.company, 'Company ID'));

	return {
		...rest,
		...tls(credential),
		// What was checked is what is asked: n8n's helpers join the parts in ways of their own.
		url: url.href,
		headers,
		// It sees what goes over plain http or past a certificate that nobody checks, and n8n compares
		// the certificate of a host that is an IP address with the proxy's name. A proxy that n8n's own
		// variables name is used.
		proxy: undefined,
		// n8n follows redirects with all headers, to any host. Both spellings, for its two helpers.
		disableFollowRedirect: true,
		...{ followRedirect: false, followAllRedirects: false },
	};
}

type LegacyRequest = IHttpRequestOptions & { uri: string };

/** @throws Error with a sentence for the builder, which does not repeat the key */
function apiKeyOf({ apiKey: typed }: ICredentialDataDecryptedObject): string {
	const key = typeof typed === 'string' ? typed.trim() : '';
	if (key === '') throw new Error('The API Key of the credential is empty');
	if (key.length <= LONGEST_KEY && /^[\x21-\x7e]+$/.test(key)) return key;
	throw new Error(
		'The API Key of the credential is too long or holds blanks or characters that no key has. Copy it again from the API key manager',
	);
}

function headerText(typed: unknown, field: string): string {
	if (typed === undefined || typed === null) return '';
	if (typeof typed !== 'string') throw new Error(`${field} of the credential is not text`);
	const text = typed.trim();
	if (/^[\x20-\x7e]*$/.test(text)) return text;
	throw new Error(`${field} of the credential holds characters that a header can't carry`);
}

/** Requests per window; 0 in the credential is for an environment without the quota. */
function limitOf({ requestsPer10Seconds: typed }: ICredentialDataDecryptedObject): number {
	const empty =
		typed === undefined || typed === null || (typeof typed === 'string' && !typed.trim());
	// A switch or a list would pass for a number, and "false" for no quota.
	const isNumber = typeof typed === 'number' || typeof typed === 'string';
	const limit = empty ? REQUESTS_PER_WINDOW : isNumber ? Number(typed) : NaN;
	if (limit === 0) return Infinity;
	if (limit >= 1) return Math.floor(limit);
	throw new Error('Requests per 10 Seconds must be a whole number: 0 for no quota, or 1 and more');
}

/** The vendor's id of the action, or that of the customer's own workflow. */
function elementId(
	credential: ICredentialDataDecryptedObject,
	action: keyof typeof ACTIONS,
): string {
	const { elementId: standard, ownElementId, title } = ACTIONS[action];
	const own = credential.overrideElementIds ? String(credential[ownElementId] ?? '').trim() : '';
	if (own === '') return standard;
	const digits = own.replace(/[{}-]/g, '').toLowerCase();
	if (!/^[0-9a-f]{32}$/.test(digits)) {
		throw new Error(
			`The element ID for ${title} of the credential must have 32 digits and letters from a to f, with or without dashes`,
		);
	}
	return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** In the spellings of n8n's newer and of its older request helper. */
function tls(credential: ICredentialDataDecryptedObject) {
	const { useClientCertificate, clientCertificate, clientKey, clientPassphrase } = credential;
	const rejectUnauthorized = credential.ignoreSslIssues !== true;
	return {
		skipSslCertificateValidation: !rejectUnauthorized,
		rejectUnauthorized,
		agentOptions: {
			rejectUnauthorized,
			...(useClientCertificate && {
				cert: pem(clientCertificate, 'Client Certificate'),
				key: pem(clientKey, 'Client Key'),
				...(clientPassphrase ? { passphrase: String(clientPassphrase) } : {}),
			}),
		},
	};
}

/** PEM with its line breaks, which get lost when it is pasted into a field of one line. */
function pem(typed: unknown, field: string): string {
	const text = typeof typed === 'string' ? typed.replaceAll('\\n', '\n') : '';
	// BEGIN, its label, what lies between, END, its label, what follows; and so on.
	const [, ...parts] = text.split(/-----(BEGIN|END) ([A-Z\d ]+)-----/);
	const lines: string[] = [];
	for (let at = 0; at === 0 || at < parts.length; at += 6) {
		const [begin, label, body, end, endLabel] = parts.slice(at, at + 5);
		if (begin !== 'BEGIN' || end !== 'END' || endLabel !== label) {
			throw new Error(
				`${field} of the credential is not in PEM format. Paste all of it, from -----BEGIN to the last dash`,
			);
		}
		// Lines like "Proc-Type: 4,ENCRYPTED" belong to the format; only a plain body can be mended.
		const plain = body.includes(':') ? null : body.replace(/\s+/g, '').match(/.{1,64}/g);
		lines.push(`-----BEGIN ${label}-----`, ...(plain ?? [body.trim()]), `-----END ${label}-----`);
	}
	return `${lines.join('\n')}\n`;
}
