import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import {
	actionOf,
	ELEMENT_IDS,
	environmentUrl,
	isWithin,
} from '../nodes/UltimoReservation/transport/actions';

export class UltimoApi implements ICredentialType {
	name = 'ultimoApi';

	displayName = 'Ultimo API';

	icon: Icon = {
		light: 'file:../nodes/UltimoReservation/ultimo.svg',
		dark: 'file:../nodes/UltimoReservation/ultimo.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-ultimo/n8n-nodes-ultimo#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://customer.ultimo.net',
			description: 'The address at which you open Ultimo; you can paste it from the browser',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Made in the Ultimo Configuration Tool, API key manager. Ask your application manager for a key that may run the reservation workflows.',
		},
	];

	/**
	 * Adds `ApiKey`, and for an action its `ApplicationElementId`, leaving headers that are there.
	 * A function, because a declarative `authenticate` overwrites headers that a builder typed and
	 * authenticates requests to any host. n8n's HTTP Request node passes `uri` in place of `url`.
	 */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const environment = environmentUrl(credentials.baseUrl);
		const { url: path, uri, baseURL } = requestOptions as IHttpRequestOptions & { uri?: string };
		const url = new URL(path ?? uri, baseURL);
		if (!isWithin(environment, url)) {
			throw new Error(
				`This Ultimo API credential belongs to ${environment}, so its key is not sent to ${url.origin}. Correct the URL of the request or choose another credential`,
			);
		}

		const headers: IDataObject = { ...requestOptions.headers };
		const present = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
		if (!present.has('apikey')) headers.ApiKey = apiKey(credentials);
		const action = actionOf(url);
		if (action && !present.has('applicationelementid')) {
			headers.ApplicationElementId = ELEMENT_IDS[action];
		}

		// n8n follows redirects with all headers, to any host. Both spellings, for its two helpers.
		const stay = { disableFollowRedirect: true, followRedirect: false, followAllRedirects: false };
		return { ...requestOptions, ...stay, headers };
	};
}

/** @throws Error that does not repeat the key, when the key can't be put into a header */
function apiKey({ apiKey: typed }: ICredentialDataDecryptedObject): string {
	const key = typeof typed === 'string' ? typed.trim() : '';
	if (key === '') throw new Error('The API Key of the Ultimo API credential is empty');
	if (!/^[\x21-\x7e]+$/.test(key)) {
		throw new Error(
			'The API Key of the Ultimo API credential holds blanks or characters that no key has. Copy it again from the API key manager',
		);
	}
	return key;
}
