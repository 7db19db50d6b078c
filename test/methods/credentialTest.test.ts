import core from 'n8n-core/package.json';

import { API_KEY, ENVIRONMENT, testCredential } from '../support/n8n.mts';
import { askedFor, lost, refusal, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();

const tested = async (data = {}) =>
	await testCredential({ baseUrl: ENVIRONMENT, apiKey: API_KEY, ...data });

it.each([
	['an empty list', { body: { properties: { Output: { collection: [] } } } }],
	["Ultimo's own words about the space", refusal('9002', 'Space does not exist.')],
])('is connected by %s; it has only read', async (_, answer) => {
	const seen = ultimo(() => answer);
	expect(await tested()).toEqual({
		status: 'OK',
		message:
			'Connected. Whether the key may also cancel reservations shows at the first cancellation.',
	});
	expect(seen).toEqual([
		askedFor('REST_GetReservationsForSpace', {
			SpaceId: 'n8n-connection-test',
			From: '2000-01-01T00:00:00Z',
			Till: '2000-01-01T00:01:00Z',
		}),
	]);
});

it.each([
	['a wrong host', lost('ENOTFOUND'), 'No connection to Ultimo [ENOTFOUND]. No such host.'],
	['a closed port', lost('ECONNREFUSED'), 'Nothing accepts connections there'],
	[
		'a bad certificate',
		lost('DEPTH_ZERO_SELF_SIGNED_CERT'),
		'The certificate of the host is not trusted',
	],
	['an old certificate', lost('CERT_HAS_EXPIRED'), 'The certificate of the host is out of date'],
	['one to come', lost('CERT_NOT_YET_VALID'), 'or the clock of the n8n server is wrong'],
	[
		'the certificate of another host',
		lost('ERR_TLS_CERT_ALTNAME_INVALID'),
		'The certificate is that of another host. Check the Environment URL',
	],
	[
		'our own old certificate',
		lost('ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED'),
		'it may demand a client certificate',
	],
	// As many a server ends a handshake whose client certificate it does not like, or misses.
	[
		'a connection that is cut',
		lost('ECONNRESET'),
		'Check the Environment URL and, if the API key demands one, the client certificate. Or test again later.',
	],
	['a proxy that wants a login', { status: 407, body: '<html></html>' }, 'HTTPS_PROXY'],
	['a web page', { body: '<html>Welcome</html>' }, 'A web page came back'],
	['404', { status: 404, body: '<html></html>' }, 'There is no Ultimo action at this address'],
	[
		'a redirect',
		{ status: 302, headers: { location: 'https://x.example' } },
		'The address leads elsewhere',
	],
	[
		'a refused key',
		{ status: 401, body: { message: 'Missing API key', code: 'MissingApiKey' } },
		'Missing API key [MissingApiKey]. Ultimo does not accept the API key',
	],
	[
		'a key without the workflow',
		{ status: 403, body: '' },
		'The API key may not run this workflow, or the n8n server',
	],
	[
		'a used-up quota',
		{ status: 429, body: { message: 'Quota exceeded' } },
		'Quota exceeded. Ultimo allows 100 requests in 10 seconds and 10,000 a day for the whole company. Test again later.',
	],
	[
		'a workflow that Ultimo does not know',
		refusal('ApplicationElementNotFound', 'No such element'),
		'Check Custom Ultimo Workflows and Company ID.',
	],
	['a broken server', { status: 500, body: '' }, 'HTTP 500'],
])('names %s', async (_, answer, words) => {
	const seen = ultimo(() => answer);
	const { status, message } = await tested();
	expect(status).toBe('Error');
	// n8n 1.123, and no other, loses which of these it was.
	const lostCause = core.version.startsWith('1.122.') && message.includes('[CERT_UNTRUSTED]');
	expect(message).toContain(
		lostCause ? 'not trusted, out of date or that of another host, or the host refused' : words,
	);
	expect(message).not.toContain(API_KEY);
	expect(message).not.toContain('carried out');
	expect(seen).toHaveLength(1);
});

it.each([
	[{ baseUrl: 'ultimo' }, 'is not a web address'],
	[{ apiKey: '' }, 'The API Key of the credential is empty'],
	[{ overrideElementIds: true, getElementId: 'x' }, 'element ID for Get Many'],
	[{ overrideElementIds: true, cancelElementId: 'x' }, 'element ID for Cancel'],
	[{ overrideElementIds: true, createElementId: 'x' }, 'element ID for Create'],
	[{ overrideElementIds: true, updateElementId: 'x' }, 'element ID for Update'],
	[{ requestsPer10Seconds: -1 }, 'Requests per 10 Seconds must be a whole number'],
	[{ requestsPer10Seconds: 'many' }, 'Requests per 10 Seconds must be a whole number'],
	[{ requestsPer10Seconds: false }, 'Requests per 10 Seconds must be a whole number'],
	[{ requestsPer10Seconds: [] as never }, 'Requests per 10 Seconds must be a whole number'],
	[{ company: 1 }, 'of the credential is not text'],
])('names %j without a request', async (data, words) => {
	const seen = ultimo(() => ({}));
	const { status, message } = await tested(data);
	expect({ status, message }).toEqual({ status: 'Error', message: expect.stringContaining(words) });
	expect(seen).toEqual([]);
});

// Else the pattern that removes it from messages is too large, and JavaScript's error holds it.
it('refuses a key that no header could carry', async () => {
	const seen = ultimo(() => ({ body: '{}' }));
	const { message } = await tested({ apiKey: 'k'.repeat(20_000) });
	expect(message).toMatch(/^The API Key of the credential is too long or holds blanks/);
	expect(seen).toEqual([]);
});
