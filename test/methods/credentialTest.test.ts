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
		'Quota exceeded. Ultimo allows 100 requests',
	],
	['a broken server', { status: 500, body: '' }, 'HTTP 500'],
])('names %s', async (_, answer, words) => {
	const seen = ultimo(() => answer);
	const { status, message } = await tested();
	expect(status).toBe('Error');
	expect(message).toContain(words);
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
