import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { ACTIONS, actionOf, clientHost, environmentUrl, isWithin } from './endpoints';

/**
 * The environment that a credential is for, as {@link environmentUrl} gives it.
 * @throws Error with a sentence for the builder
 */
export function environmentOf({
	baseUrl,
	useClientCertificate,
}: ICredentialDataDecryptedObject): string {
	const environment = environmentUrl(baseUrl);
	return useClientCertificate ? clientHost(environment) : environment;
}

/**
 * A request with all that the credential adds to it; headers that are there stay.
 *
 * A function in place of a declarative `authenticate`, which overwrites headers that a builder
 * typed and authenticates requests to any host. n8n's HTTP Request node passes `uri` for `url`.
 * @throws Error with a sentence for the builder, which does not repeat a secret
 */
export function authenticated(
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): IHttpRequestOptions {
	const environment = environmentOf(credential);
	const { url: path, uri, baseURL } = request as IHttpRequestOptions & { uri?: string };
	const url = new URL(path ?? uri, baseURL);
	if (!isWithin(environment, url)) {
		throw new Error(
			`This Ultimo API credential belongs to ${environment}, so its key is not sent to ${url.origin}. Correct the URL of the request or choose another credential`,
		);
	}

	const headers: IDataObject = { ...request.headers };
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
		...request,
		...tls(credential),
		headers,
		// n8n follows redirects with all headers, to any host. Both spellings, for its two helpers.
		disableFollowRedirect: true,
		...{ followRedirect: false, followAllRedirects: false },
	};
}

/** @throws Error with a sentence for the builder, which does not repeat the key */
export function apiKeyOf({ apiKey: typed }: ICredentialDataDecryptedObject): string {
	const key = typeof typed === 'string' ? typed.trim() : '';
	if (key === '') throw new Error('The API Key of the credential is empty');
	if (/^[\x21-\x7e]+$/.test(key)) return key;
	throw new Error(
		'The API Key of the credential holds blanks or characters that no key has. Copy it again from the API key manager',
	);
}

function headerText(typed: unknown, field: string): string {
	const text = typeof typed === 'string' ? typed.trim() : '';
	if (/^[\x20-\x7e]*$/.test(text)) return text;
	throw new Error(`${field} of the credential holds characters that a header can't carry`);
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

/** In both of n8n's spellings, for its newer and its older request helper. */
function tls(credential: ICredentialDataDecryptedObject): Partial<IHttpRequestOptions> {
	const { useClientCertificate, ignoreSslIssues } = credential;
	const options: Partial<IHttpRequestOptions> & { rejectUnauthorized?: boolean } = {};
	if (ignoreSslIssues) {
		options.skipSslCertificateValidation = true;
		options.rejectUnauthorized = false;
	}
	if (useClientCertificate) {
		options.agentOptions = {
			cert: pem(credential.clientCertificate, 'Client Certificate'),
			key: pem(credential.clientKey, 'Client Key'),
			...(credential.clientPassphrase ? { passphrase: String(credential.clientPassphrase) } : {}),
			...(ignoreSslIssues ? { rejectUnauthorized: false } : {}),
		};
	}
	return options;
}

/** PEM with its line breaks, which get lost when it is pasted into a field of one line. */
function pem(typed: unknown, field: string): string {
	const text = String(typed ?? '').replace(/\\n/g, '\n');
	const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]+?)-----END \1-----/g)];
	if (blocks.length === 0) {
		throw new Error(
			`${field} of the credential is not in PEM format. Paste all of it, from -----BEGIN to the last dash`,
		);
	}
	return blocks
		.map(([whole, label, body]) => {
			// Lines like "Proc-Type: 4,ENCRYPTED" belong to the format; only a plain body can be mended.
			if (body.includes(':')) return `${whole.trim()}\n`;
			const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
			return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
		})
		.join('');
}
