import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { ACTIONS } from '../nodes/Ultimo/transport/endpoints';
import { REQUESTS_PER_WINDOW } from '../nodes/Ultimo/transport/limits';

export class UltimoApi implements ICredentialType {
	name = 'ultimoApi';

	displayName = 'Ultimo API';

	icon: Icon = {
		light: 'file:../nodes/Ultimo/ultimo.svg',
		dark: 'file:../nodes/Ultimo/ultimo.dark.svg',
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
		{
			displayName:
				'The test only reads. If the key may not cancel, create or update, the node says so at the first attempt. Most environments need none of the settings below.',
			name: 'advanced',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Requests per 10 Seconds',
			name: 'requestsPer10Seconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: REQUESTS_PER_WINDOW,
			description:
				"The part of Ultimo's quota that this n8n process uses. Ultimo allows a company 100. 0 is for an environment without the quota.",
		},
		{
			displayName: 'Response Language',
			name: 'language',
			type: 'string',
			default: '',
			placeholder: 'e.g. en-US',
			description: "The language of Ultimo's messages. Empty: Ultimo's default user language.",
		},
		{
			displayName: 'Company ID',
			name: 'company',
			type: 'string',
			default: '',
			placeholder: 'e.g. 01',
			description:
				'The ID that the company has in Ultimo; only for an API key that covers several companies',
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description:
				'Whether to connect even if the certificate of the host is not trusted, for example a self-signed one',
		},
		...clientCertificate(
			{
				displayName: 'Use Client Certificate',
				name: 'useClientCertificate',
				description:
					'Whether the API key demands a certificate. Requests to an environment at Ultimo then go to its api- host, for example https://api-customer.ultimo.net.',
			},
			{
				displayName: 'Client Certificate',
				name: 'clientCertificate',
				placeholder: '-----BEGIN CERTIFICATE-----',
				description: 'The certificate in PEM format, with its intermediate certificates if any',
			},
			{
				displayName: 'Client Key',
				name: 'clientKey',
				placeholder: '-----BEGIN PRIVATE KEY-----',
				description: 'The private key of the certificate in PEM format',
			},
			{
				displayName: 'Client Passphrase',
				name: 'clientPassphrase',
				description: 'The passphrase of the private key, if it has one',
			},
		),
		{
			displayName: 'Custom Ultimo Workflows',
			name: 'overrideElementIds',
			type: 'boolean',
			default: false,
			description:
				'Whether Ultimo workflows of your own organization carry out the actions, in place of the standard ones',
		},
		...Object.values(ACTIONS).map(({ title, elementId, ownElementId }): INodeProperties => ({
			displayName: `Element ID for ${title}`,
			name: ownElementId,
			type: 'string',
			default: '',
			placeholder: `e.g. ${elementId}`,
			description:
				'The ApplicationElementId of your own Ultimo workflow, with or without dashes. Empty: the standard one.',
			displayOptions: { show: { overrideElementIds: [true] } },
		})),
	];

	/** Adds the headers of every Ultimo action, for this environment only. */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const { authenticated } = await import('../nodes/Ultimo/transport/credential');
		return authenticated(credentials, requestOptions);
	};
}

type Field = Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'description'>;

function clientCertificate(use: Field, ...secrets: Field[]): INodeProperties[] {
	return [
		{ ...use, type: 'boolean', default: false },
		...secrets.map((secret): INodeProperties => ({
			...secret,
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { [use.name]: [true] } },
		})),
	];
}
