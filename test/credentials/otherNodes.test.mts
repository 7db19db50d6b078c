import * as n8n from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';

import { API_KEY, runNode } from '../support/n8n.mts';
import { host, type Host } from '../support/hosts.mts';

/** The hosts of one test: the environment, in plain http or not, and somebody's who wants the key. */
interface Hosts {
	own: Host;
	evil: Host;
}

const helperChecks = 'assertUrlAllowed' in n8n;

type Options = Record<string, unknown>;

const opened: Host[] = [];
afterEach(async () => {
	await Promise.all(opened.splice(0).map(async (one) => await one.stop()));
});

async function hosts(scheme: 'http' | 'https', redirect = false): Promise<Hosts> {
	const evil = await host('http');
	const own = await host(
		scheme,
		redirect
			? (_request, response) => response.writeHead(307, { location: `${evil.url}/x` }).end()
			: undefined,
	);
	opened.push(own, evil);
	return { own, evil };
}

const PATH = '/api/v1/object/Space';

/** As n8n's HTTP Request node sends it (HttpRequestV3.node.js), with what its builder can set. */
async function httpRequestNode(own: Host, options: Options, credential: Options = {}) {
	return await another({ baseUrl: own.url, ...credential }, async function () {
		return await this.helpers.requestWithAuthentication.call(this, 'ultimoApi', {
			headers: {},
			method: 'GET',
			uri: `${own.url}${PATH}`,
			gzip: true,
			rejectUnauthorized: true,
			followRedirect: true,
			followAllRedirects: true,
			resolveWithFullResponse: true,
			sendCredentialsOnCrossOriginRedirect: true,
			timeout: 5000,
			json: true,
			...options,
		});
	});
}

/** As other nodes send it, by n8n's newer helper. */
async function newerNode(own: Host, options: Options, credential: Options = {}) {
	return await another({ baseUrl: own.url, ...credential }, async function () {
		return await this.helpers.httpRequestWithAuthentication.call(this, 'ultimoApi', {
			url: `${own.url}${PATH}`,
			timeout: 5000,
			returnFullResponse: true,
			...options,
		});
	});
}

async function another(
	credential: Options,
	send: (this: IExecuteFunctions) => Promise<{ statusCode: number }>,
) {
	const { error, items } = await runNode({
		credential: credential as ICredentialDataDecryptedObject,
		otherNode: async function () {
			const { statusCode } = await send.call(this);
			return [[{ json: { statusCode } }]];
		},
	});
	return { error, status: items[0]?.json.statusCode };
}

const proxyOf = ({ evil }: Hosts) => ({ host: '127.0.0.1', port: Number(new URL(evil.url).port) });

it.each<[string, (hosts: Hosts) => Options]>([
	['Proxy and Ignore SSL Issues', ({ evil }) => ({ proxy: evil.url, rejectUnauthorized: false })],
	[
		'Proxy and a CA of their own',
		({ evil }) => ({ proxy: evil.url, agentOptions: { ca: evil.ca } }),
	],
	['Ignore SSL Issues, at a host like it', () => ({ rejectUnauthorized: false })],
])("a builder's HTTP Request: %s", async (_, options) => {
	const both = await hosts('https');
	const { error } = await httpRequestNode(both.own, options(both));
	expect(error?.message).toContain('SSL Issue');
	expect(both.evil.read()).not.toContain(API_KEY);
	expect([both.own.requests(), both.evil.requests()]).toEqual([0, 0]);
});

it.each<[string, (hosts: Hosts) => Options]>([
	['proxy', (both) => ({ proxy: proxyOf(both), skipSslCertificateValidation: true })],
	['a CA', (both) => ({ proxy: proxyOf(both), agentOptions: { ca: both.evil.ca } })],
	['no check', () => ({ agentOptions: { rejectUnauthorized: false } })],
])("a node that uses n8n's newer helper: %s", async (_, options) => {
	const both = await hosts('https');
	const { error } = await newerNode(both.own, options(both));
	expect(error?.message).toMatch(/certificate|DEPTH_ZERO/i);
	expect(both.evil.read()).not.toContain(API_KEY);
	expect([both.own.requests(), both.evil.requests()]).toEqual([0, 0]);
});

const BEFORE = { ignoreSslIssues: true };

describe.each([
	["HTTP Request's", httpRequestNode],
	['the newer', newerNode],
])('by %s helper the key reaches its environment and nobody else:', (_helper, send) => {
	it.each<[string, 'http' | 'https', (hosts: Hosts) => Options]>([
		['plain http with a proxy', 'http', ({ evil }) => ({ proxy: evil.url })],
		['unchecked https with a proxy', 'https', ({ evil }) => ({ proxy: evil.url })],
		['a proxy as an object', 'https', (both) => ({ proxy: proxyOf(both) })],
		['a Host header', 'http', () => ({ headers: { Host: 'evil.example' } })],
		['a host header in small letters', 'http', () => ({ headers: { host: 'evil.example' } })],
		[
			'an own host that is joined to another',
			'http',
			({ own, evil }) => ({
				url: `\\\\${new URL(own.url).host}${PATH}`,
				uri: undefined,
				baseURL: evil.url,
			}),
		],
		[
			'a leading blank',
			'http',
			({ own, evil }) => ({ url: ` ${own.url}${PATH}`, uri: undefined, baseURL: evil.url }),
		],
		[
			'two addresses',
			'http',
			({ own, evil }) => ({ url: `${own.url}${PATH}`, uri: `${evil.url}${PATH}` }),
		],
	])('%s', async (_, scheme, options) => {
		const both = await hosts(scheme);
		const { status, error } = await send(both.own, options(both), BEFORE);
		expect({ status, error }).toEqual({ status: 200, error: undefined });
		expect(both.own.read()).toContain(API_KEY);
		expect(both.own.read().toLowerCase()).toContain(`host: ${new URL(both.own.url).host}\r\n`);
		expect(both.own.read()).not.toContain('evil.example');
		expect(both.evil.read()).toBe('');
	});

	it('a redirect', async () => {
		const both = await hosts('http', true);
		await send(both.own, { maxRedirects: 5 });
		expect([both.own.requests(), both.evil.requests()]).toEqual([1, 0]);
		expect(both.evil.read()).toBe('');
	});

	it.each(['TRACE', 'trace', 'TRACK', 'CONNECT'])('the method %s', async (method) => {
		const both = await hosts('http');
		const { error } = await send(both.own, { method });
		expect(error?.message).toContain('would bring the API key back');
		expect([both.own.read(), both.evil.read()]).toEqual(['', '']);
	});

	// Older n8n compares them in its HTTP Request node only, before it asks for our part.
	(helperChecks ? it : it.skip)("n8n's Allowed HTTP Request Domains", async () => {
		const both = await hosts('http');
		expect(await send(both.own, { allowedDomains: '127.0.0.1' })).toMatchObject({ status: 200 });
		const { error } = await send(both.own, { allowedDomains: 'other.example' });
		expect(error?.message).toContain('Domain not allowed');
		expect([both.own.requests(), both.evil.requests()]).toEqual([1, 0]);
	});
});
