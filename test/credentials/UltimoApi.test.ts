import type { IHttpRequestOptions } from 'n8n-workflow';

import { UltimoApi } from '../../credentials/UltimoApi.credentials';
import { authenticated } from '../../nodes/Ultimo/transport/credential';
import { clientHost, customerOf, environmentUrl } from '../../nodes/Ultimo/transport/environment';
import { atOnce } from '../support/time.mts';

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
		['https://customer.ultimo.net./', 'https://customer.ultimo.net'],
		['customer.ultimo.net\\@evil.example', 'https://customer.ultimo.net'],
		['https://host.company.com//api/v1', 'https://host.company.com'],
		['https://bücher.example/', 'https://xn--bcher-kva.example'],
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
		['customer.ultimo.net@evil.example', 'user name or password'],
		['customer.ultimo.net:443@evil.example', 'user name or password'],
		['https:///customer.ultimo.net@evil.example', 'user name or password'],
		['https:customer@evil.example', 'user name or password'],
		['https:\\\\customer.ultimo.net@evil.example', 'is not a web address'],
		['\thttps://customer.ultimo.net@evil.example', 'user name or password'],
		['https:/\t/customer.ultimo.net@evil.example', 'is not a web address'],
		['https://customer.ultimo.net\t@evil.example', 'user name or password'],
		['https://customer.ultimo.net%2f@evil.example', 'user name or password'],
		['https://customer.ultimo.net＠evil.example', 'is not a web address'],
		['1234567890', 'is not a web address'],
	])('refuses %p with a sentence', (typed, sentence) => {
		expect(() => environmentUrl(typed)).toThrow(sentence);
		expect(() => environmentUrl(typed)).not.toThrow('secret');
	});
});

it('refuses a page that was pasted for an Environment URL', () => {
	const typed = `https://customer.ultimo.net/${'/'.repeat(1_000_000)}api`;
	expect(() => atOnce(() => environmentUrl(typed))).toThrow('is not a web address');
});

it.each([
	['https://customer.ultimo.net', 'https://api-customer.ultimo.net'],
	['https://customer.ultimo.com:8443/Ultimo', 'https://api-customer.ultimo.com:8443/Ultimo'],
	['https://api-customer.ultimo.net', 'https://api-customer.ultimo.net'],
	['https://host.company.com', 'https://host.company.com'],
	['https://ultimo.net.evil.example', 'https://ultimo.net.evil.example'],
	['https://evil.example/x.ultimo.net', 'https://evil.example/x.ultimo.net'],
])('%s takes client certificates at %s', (environment, withCertificate) => {
	expect(clientHost(environment)).toBe(withCertificate);
});

it.each([
	['https://api-customer.ultimo.net', 'https://customer.ultimo.net'],
	['https://customer.ultimo.net', 'https://customer.ultimo.net'],
	['https://api-ultimo.company.com', 'https://api-ultimo.company.com'],
	[
		'https://api-gateway.evil.example/x.ultimo.net',
		'https://api-gateway.evil.example/x.ultimo.net',
	],
	['https://host.company.com/Ultimo', 'https://host.company.com/ultimo'],
])('%s is the customer %s', (environment, customer) => {
	expect(customerOf(environment)).toBe(customer);
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
		{ url: 'https://customer.ultimo.net@evil.example/api/v1/object/Job' },
		{ url: 'https://customer.ultimo.net./api/v1/object/Job' },
		{ url: 'https://api-customer.ultimo.net/api/v1/object/Job' },
		{ url: 'blob:https://customer.ultimo.net/api/v1/object/Job' },
		{ url: '//evil.example/x', baseURL: 'https://customer.ultimo.net' },
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
		'../x',
		'..%2fx',
		'..%2Fx',
		'..%5cx',
		'..\\x',
		'%2e%2e/x',
		'%2e%2e%2fx',
		'.%2e%5Cx',
		'..%252fx',
		'%252e%252e%252fx',
		'..;/x',
		'..%3b/x',
		'..%00/x',
		'%c0%ae%c0%ae/x',
		'a/..%2f..%2fx',
		'%zz',
	])('does not leave the path by %s', async (step) => {
		const data = { baseUrl: 'https://host.company.com/Ultimo/api/v1' };
		const url = `https://host.company.com/Ultimo/${step}`;
		await expect(authenticate({ url }, data)).rejects.toThrow('not sent');
	});

	it("shows but the begin of a builder's long address", async () => {
		const url = `https://evil.example/${'a'.repeat(1_000_000)}`;
		await expect(authenticate({ url })).rejects.toThrow(/^.{200,500}$/);
	});

	it('hands on what was checked, and nothing else that says where to', async () => {
		const request = {
			url: '../x',
			baseURL: 'https://customer.ultimo.net/a/b/',
			uri: 'x',
			qs: { a: 1 },
		};
		const handedOn = await authenticate({ ...request, proxy: 'http://evil.example' as never });
		expect(handedOn).toEqual({
			url: 'https://customer.ultimo.net/a/x',
			qs: { a: 1 },
			headers: { ApiKey: 'k3y' },
			proxy: undefined,
			skipSslCertificateValidation: false,
			rejectUnauthorized: true,
			agentOptions: { rejectUnauthorized: true },
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
		});
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
			rejectUnauthorized: true,
			cert: mended('CERTIFICATE'),
			key: mended('PRIVATE KEY'),
			passphrase: 'p4ss',
		});
		await expect(authenticate({ url: cancel }, data)).rejects.toThrow('api-customer');
		await expect(authenticate({ url }, { ...data, clientKey: 'nonsense' })).rejects.toThrow(
			'Client Key of the credential is not in PEM format',
		);
	});

	it('keeps the lines of an encrypted key, and every certificate of a chain', async () => {
		const head = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0A0B\n\n';
		const pem = (label: string, body: string) =>
			`-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
		const chain = pem('CERTIFICATE', 'QUFB') + pem('CERTIFICATE', 'QkJC');
		const data = {
			useClientCertificate: true,
			clientCertificate: `Bag Attributes\n subject=CN\n${chain}`.replaceAll('\n', '\\n'),
			clientKey: pem('RSA PRIVATE KEY', `${head}QUFB`),
		};
		const url = cancel.replace('//customer', '//api-customer');
		const { cert, key } = (await authenticate({ url }, data)).agentOptions!;
		expect({ cert, key }).toEqual({ cert: chain, key: data.clientKey });
	});

	it.each([
		['begins without an end', '-----BEGIN A'.repeat(90_000)],
		['whole begins without an end', '-----BEGIN A-----'.repeat(60_000)],
		['another end', '-----BEGIN A-----QUFB-----END B-----'],
		['dashes', '-'.repeat(1_000_000)],
		['a label without end', `-----BEGIN ${'A'.repeat(1_000_000)}`],
		['a list', ['-----BEGIN A-----']],
		['nothing', undefined],
	])('refuses at once as a certificate: %s', (_, clientCertificate) => {
		const request = { url: cancel.replace('//customer', '//api-customer') };
		const data = { ...credential, useClientCertificate: true, clientCertificate };
		expect(() => atOnce(() => authenticated(data as never, request))).toThrow(
			'is not in PEM format',
		);
	});

	it.each(['Company ID', 'Response Language'])('refuses a %s that is no text', async (field) => {
		const name = field === 'Company ID' ? 'company' : 'language';
		for (const typed of [1, ['01'], { id: '01' }, true]) {
			await expect(authenticate({ url: cancel }, { [name]: typed })).rejects.toThrow(
				`${field} of the credential is not text`,
			);
		}
		expect((await authenticate({ url: cancel }, { [name]: null })).headers).toHaveProperty(
			'ApiKey',
		);
	});

	it('ignores certificates only when told to', async () => {
		const check = (reject: boolean) => ({
			skipSslCertificateValidation: !reject,
			rejectUnauthorized: reject,
			agentOptions: { rejectUnauthorized: reject },
		});
		expect(await authenticate({ url: cancel })).toMatchObject(check(true));
		for (const ignoreSslIssues of [false, 'false', 1]) {
			expect(await authenticate({ url: cancel }, { ignoreSslIssues })).toMatchObject(check(true));
		}
		const told = { ignoreSslIssues: true };
		expect(await authenticate({ url: cancel }, told)).toMatchObject(check(false));
	});
});
