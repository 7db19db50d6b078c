import type { IHttpRequestOptions } from 'n8n-workflow';

import { UltimoApi } from '../../credentials/UltimoApi.credentials';
import { environmentUrl } from '../../nodes/Ultimo/transport/endpoints';

const credential = { baseUrl: 'https://customer.ultimo.net', apiKey: ' k3y ' };
const cancel = 'https://customer.ultimo.net/api/v1/action/REST_CancelReservation';
const authenticate = async (
	request: Partial<IHttpRequestOptions> & { uri?: string },
	data: Record<string, unknown> = {},
) =>
	await new UltimoApi().authenticate(
		{ ...credential, ...data } as never,
		request as IHttpRequestOptions,
	);

describe('Environment URL', () => {
	it.each([
		'https://customer.ultimo.net',
		'https://customer.ultimo.net/',
		' https://customer.ultimo.net ',
		'customer.ultimo.net',
		'HTTPS://CUSTOMER.ULTIMO.NET/API/V1/',
		'https://customer.ultimo.net/api/v1',
		'https://customer.ultimo.net/api/V1/Action/REST_CancelReservation',
		'https://customer.ultimo.net/Main.aspx?screen=Reservations#today',
		'https://customer.ultimo.net:443/ui/home',
	])('understands %s', (typed) => {
		expect(environmentUrl(typed)).toBe('https://customer.ultimo.net');
	});

	it.each([
		['https://host.company.com:8443/', 'https://host.company.com:8443'],
		['https://host.company.com/Ultimo/api/v1', 'https://host.company.com/Ultimo'],
		['http://127.0.0.1:5080/', 'http://127.0.0.1:5080'],
		['http://localhost:5080', 'http://localhost:5080'],
		['localhost:5080', 'https://localhost:5080'],
		['https://ultimo/', 'https://ultimo'],
		['https://ultimo:8443/ui/', 'https://ultimo:8443'],
		['https://[2001:db8::5]/', 'https://[2001:db8::5]'],
		['https://[fd00::1]:8443', 'https://[fd00::1]:8443'],
		['[fd00::1]:8443', 'https://[fd00::1]:8443'],
	])('keeps what belongs to the environment: %s', (typed, environment) => {
		expect(environmentUrl(typed)).toBe(environment);
	});

	it.each([
		['', 'is empty'],
		['   ', 'is empty'],
		[undefined, 'is empty'],
		['ultimo', 'is not a web address'],
		['ultimo:8443', 'is not a web address'],
		['https://', 'is not a web address'],
		['my customer.ultimo.net', 'is not a web address'],
		['http://customer.ultimo.net', 'Use https://'],
		['http://ultimo/', 'Use https://'],
		['http://[fd00::1]/', 'Use https://'],
		['ftp://customer.ultimo.net', 'Use https://'],
		['https://me:secret@customer.ultimo.net', 'user name or password'],
	])('refuses %p with a sentence', (typed, sentence) => {
		expect(() => environmentUrl(typed)).toThrow(sentence);
		expect(() => environmentUrl(typed)).not.toThrow('secret');
	});
});

describe('authenticate', () => {
	it.each([
		['REST_CancelReservation', '5d5a10ee-7b14-4dd4-8683-33822ea56f12'],
		['REST_CreateReservation', '0167a94a-5dae-4efe-bf13-029a47728b97'],
		['REST_UpdateReservation', '3736d834-fa5e-4edc-9abd-f38962ff8afd'],
		['REST_GetReservationsForSpace', '860ea091-4d76-47d9-a733-c3bb18440dde'],
		['rest_cancelreservation/', '5d5a10ee-7b14-4dd4-8683-33822ea56f12'],
	])('adds both headers for %s', async (action, elementId) => {
		const { headers } = await authenticate({
			url: `https://customer.ultimo.net/api/V1/Action/${action}`,
		});
		expect(headers).toEqual({ ApiKey: 'k3y', ApplicationElementId: elementId });
	});

	it('adds the key alone to what is no action of ours', async () => {
		const url = 'https://customer.ultimo.net/api/v1/object/Job';
		expect((await authenticate({ url })).headers).toEqual({ ApiKey: 'k3y' });
	});

	it("works as n8n's HTTP Request node calls it, and leaves a header that was typed there", async () => {
		const { headers } = await authenticate({
			uri: cancel,
			headers: { applicationelementid: 'own', Accept: 'application/json' },
		});
		expect(headers).toEqual({
			applicationelementid: 'own',
			Accept: 'application/json',
			ApiKey: 'k3y',
		});
	});

	it('follows no redirect, by either of the two helpers of n8n', async () => {
		expect(await authenticate({ url: cancel })).toMatchObject({
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
		});
	});

	it.each([
		{ url: 'https://evil.example/api/v1/action/REST_CancelReservation' },
		{ url: 'https://customer.ultimo.net.evil.example/api/v1/action/REST_CancelReservation' },
		{ url: 'http://customer.ultimo.net/api/v1/action/REST_CancelReservation' },
		{ url: 'https://customer.ultimo.net:8443/api/v1/action/REST_CancelReservation' },
		{ url: '/api/v1/action/REST_CancelReservation', baseURL: 'https://evil.example' },
		{ uri: 'https://other.ultimo.net/api/v1/action/REST_CancelReservation' },
	])('sends the key nowhere else: %j', async (request) => {
		await expect(authenticate(request)).rejects.toThrow(
			/belongs to https:\/\/customer\.ultimo\.net, so its key is not sent to/,
		);
	});

	it('keeps to the path of an environment below one', async () => {
		const data = { baseUrl: 'https://host.company.com/Ultimo/api/v1' };
		const url = 'https://host.company.com/Ultimo/api/v1/object/Job';
		expect((await authenticate({ url }, data)).headers).toEqual({ ApiKey: 'k3y' });
		await expect(authenticate({ url: 'https://host.company.com/Ultimo2/' }, data)).rejects.toThrow(
			'not sent',
		);
	});

	it.each([
		['', 'is empty'],
		['two words', 'Copy it again'],
		['k3y\nX: y', 'Copy it again'],
		['schlüssel', 'Copy it again'],
	])('refuses the key %j without repeating it', async (apiKey, sentence) => {
		await expect(authenticate({ url: cancel }, { apiKey })).rejects.toThrow(sentence);
		if (apiKey) await expect(authenticate({ url: cancel }, { apiKey })).rejects.not.toThrow(apiKey);
	});

	it('adds language and company when they are there', async () => {
		const { headers } = await authenticate({ url: cancel }, { language: 'en-US', company: '01' });
		expect(headers).toMatchObject({ 'Accept-Language': 'en-US', 'Ultimo-Company': '01' });
	});

	it.each([
		['0123456789ABCDEF0123456789ABCDEF', true, '01234567-89ab-cdef-0123-456789abcdef'],
		['{01234567-89ab-cdef-0123-456789abcdef}', true, '01234567-89ab-cdef-0123-456789abcdef'],
		['', true, '5d5a10ee-7b14-4dd4-8683-33822ea56f12'],
		['0123456789ABCDEF0123456789ABCDEF', false, '5d5a10ee-7b14-4dd4-8683-33822ea56f12'],
	])('own element ID %j, switched on: %p', async (cancelElementId, overrideElementIds, sent) => {
		const data = { cancelElementId, overrideElementIds };
		const { headers } = await authenticate({ url: cancel }, data);
		expect(headers?.ApplicationElementId).toBe(sent);
	});

	it('refuses an own element ID that is none, and names the field', async () => {
		const data = { cancelElementId: '1234', overrideElementIds: true };
		await expect(authenticate({ url: cancel }, data)).rejects.toThrow('element ID for Cancel');
	});

	it('presents a client certificate at the api- host', async () => {
		const body = 'A'.repeat(100);
		const pem = (label: string) => `-----BEGIN ${label}----- ${body} -----END ${label}-----`;
		const data = {
			useClientCertificate: true,
			clientCertificate: pem('CERTIFICATE'),
			clientKey: pem('PRIVATE KEY'),
			clientPassphrase: 'p4ss',
		};
		const url = cancel.replace('//customer', '//api-customer');
		const mended = (label: string) =>
			`-----BEGIN ${label}-----\n${'A'.repeat(64)}\n${'A'.repeat(36)}\n-----END ${label}-----\n`;
		expect((await authenticate({ url }, data)).agentOptions).toEqual({
			cert: mended('CERTIFICATE'),
			key: mended('PRIVATE KEY'),
			passphrase: 'p4ss',
		});
		await expect(authenticate({ url: cancel }, data)).rejects.toThrow('api-customer');
		await expect(authenticate({ url }, { ...data, clientKey: 'nonsense' })).rejects.toThrow(
			'Client Key of the credential is not in PEM format',
		);
	});

	it('ignores certificates only when told to', async () => {
		expect(await authenticate({ url: cancel })).not.toHaveProperty('skipSslCertificateValidation');
		expect(await authenticate({ url: cancel }, { ignoreSslIssues: true })).toMatchObject({
			skipSslCertificateValidation: true,
			rejectUnauthorized: false,
		});
	});
});
