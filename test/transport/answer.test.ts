import { readAnswer } from '../../nodes/Ultimo/transport/answer';
import { blotter } from '../../nodes/Ultimo/transport/blot';
import type { Failure } from '../../nodes/Ultimo/transport/failure';
import { readNetworkError } from '../../nodes/Ultimo/transport/network';

const KEY = 'the-k3y';
const NOW = Date.parse('2026-11-22T10:00:00Z');
const read = (statusCode: number, body: unknown, headers = {}, bytes = 30) =>
	readAnswer(
		{ statusCode, headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
		bytes,
		NOW,
		blotter(KEY),
	);

const failed = (...answer: Parameters<typeof read>) =>
	(read(...answer) as { failure: Failure }).failure;

describe('a success', () => {
	it.each([
		[200, { properties: {} }, {}],
		[200, { Properties: { UltimoId: '00000006712' } }, { UltimoId: '00000006712' }],
		[201, { properties: { Output: { collection: [] } } }, { Output: { collection: [] } }],
		[200, '\uFEFF{"properties": {}}', {}],
	])('HTTP %d %j', (status, body, properties) => {
		expect(read(status, body)).toEqual({ properties });
	});
});

describe('a failure', () => {
	it.each([
		// What Ultimo explains, whatever the status.
		[200, { message: 'No', type: '3', code: '1015' }, 'refused', '1015', 'No', 'taken'],
		[200, { message: 'No', type: 3, code: 1166 }, 'refused', '1166', 'No', 'past'],
		[400, { message: 'A.\r\nCause: B.', code: '1166' }, 'refused', '1166', 'A. Cause: B.', 'past'],
		[
			400,
			{ code: '4711' },
			'refused',
			'4711',
			'Ultimo gave no message',
			'does not accept what was sent',
		],
		[400, { Message: 'No', Code: 1166 }, 'refused', '1166', 'No', 'past'],
		[200, { properties: {}, message: 'No', code: '1' }, 'refused', '1', 'No', 'does not accept'],
		[500, { message: 'Taken', code: '1015' }, 'refused', '1015', 'Taken', 'taken'],
		[
			401,
			{ message: 'Missing API key', code: 'MissingApiKey' },
			'refused',
			'MissingApiKey',
			'Missing API key',
			'does not accept the API key',
		],
		[
			400,
			{ message: 'Missing API key', code: 'MissingApikey' },
			'refused',
			'MissingApikey',
			'Missing API key',
			'does not accept the API key',
		],
		// What others say in its place.
		[401, '', 'refused', undefined, 'HTTP 401', 'does not accept the API key'],
		[403, '', 'refused', undefined, 'HTTP 403', 'IP address'],
		[404, '<html>', 'refused', undefined, 'HTTP 404', 'Environment URL'],
		[405, '', 'refused', undefined, 'HTTP 405', 'Environment URL'],
		[302, '', 'refused', undefined, 'HTTP 302', 'leads elsewhere'],
		[413, '', 'refused', undefined, 'quota', '10,000'],
		[429, { message: 'Quota exceeded' }, 'refused', undefined, 'Quota exceeded', '10,000'],
		[429, '<html>', 'refused', undefined, 'a quota is used up', '10,000'],
		// What leaves the outcome open.
		[500, 'Internal Server Error', 'unknown', undefined, 'HTTP 500', 'may or may not'],
		[
			500,
			{ message: 'Object reference' },
			'unknown',
			undefined,
			'Object reference',
			'may or may not',
		],
		[503, { message: 'Busy', code: 503 }, 'unknown', '503', 'Busy', 'may or may not'],
		[500, { message: 'Busy', code: '502' }, 'unknown', '502', 'Busy', 'may or may not'],
		[502, '<html>Bad gateway</html>', 'unknown', undefined, 'HTTP 502', 'may or may not'],
		[408, '<html>Request Timeout</html>', 'unknown', undefined, 'HTTP 408', 'may or may not'],
		[200, '<html>Log in</html>', 'unknown', undefined, 'web page', 'Environment URL'],
		[200, '{"properties": {', 'unknown', undefined, 'cut off', 'may or may not'],
		[200, '', 'unknown', undefined, 'without a body', 'may or may not'],
		[200, {}, 'unknown', undefined, 'cut off', 'may or may not'],
		[200, { properties: 'x' }, 'unknown', undefined, 'cut off', 'may or may not'],
		[200, [1], 'unknown', undefined, 'cut off', 'may or may not'],
		[200, 'null', 'unknown', undefined, 'cut off', 'may or may not'],
	])('HTTP %d %j: %s', (status, body, outcome, code, message, advice) => {
		const failure = failed(status, body);
		expect(failure).toMatchObject({ outcome, httpStatus: status });
		expect(failure.code).toBe(code);
		expect(failure.message).toContain(message);
		expect(failure.advice).toContain(advice);
	});

	it.each([
		['120', 120_000],
		['0', 0],
		['1.5', 1_500],
		['99999999999999999999', 86_400_000],
		['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
		['Sun, 22 Nov 2026 10:01:00 GMT', 60_000],
		['Sun, 22 Nov 2026 09:00:00 GMT', 0],
		['2026-11-22T10:01:00Z', 60_000],
		['soon', undefined],
		[undefined, undefined],
	])('reads Retry-After: %s', (value, retryAfterMs) => {
		expect(read(429, '', { 'retry-after': value })).toMatchObject({
			failure: { quota: { retryAfterMs } },
		});
	});

	it('reads a Retry-After that is a date by the clock of who answered', () => {
		const headers = {
			date: 'Sun, 22 Nov 2026 08:00:00 GMT',
			'retry-after': 'Sun, 22 Nov 2026 08:00:30 GMT',
		};
		expect(read(429, '', headers)).toMatchObject({ failure: { quota: { retryAfterMs: 30_000 } } });
	});

	it('holds no key, even where a message is cut off or the code is the key', () => {
		const failure = failed(400, { message: `${'x'.repeat(495)}the-k3y`, code: 'the-k3y' });
		expect(failure.message).toBe(`${'x'.repeat(495)}***`);
		expect(failure.code).toBe('***');
	});

	it('tells a request that is too large from a quota', () => {
		const failure = failed(413, '', {}, 100_000);
		expect(failure.quota).toBeUndefined();
		expect(failure.advice).toContain('too large');
	});

	it('shortens an endless message', () => {
		const failure = failed(500, { message: 'x'.repeat(10_000) });
		expect(failure.message.length).toBeLessThan(600);
	});
});

/** Node.js 20 and 24, of a host that answers https with http. */
const WRONG_VERSION =
	'write EPROTO 407D:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/openssl/openssl/ssl/record/methods/tlsany_meth.c:77:\n';

describe('a network error', () => {
	const socket = (code: string, more = {}) => Object.assign(new Error(code), { code, ...more });

	it.each([
		['ECONNREFUSED', {}, 'notSent', undefined],
		['ENOTFOUND', {}, 'notSent', undefined],
		['EAI_AGAIN', {}, 'notSent', undefined],
		['EHOSTUNREACH', { syscall: 'connect' }, 'notSent', undefined],
		['EHOSTUNREACH', { syscall: 'read' }, 'unknown', undefined],
		['ETIMEDOUT', { syscall: 'connect' }, 'notSent', undefined],
		[
			'ECONNRESET',
			{ message: 'disconnected before secure TLS connection was established' },
			'notSent',
			undefined,
		],
		['EPROTO', { message: WRONG_VERSION }, 'notSent', true],
		['EPROTO', { message: 'write EPROTO' }, 'unknown', undefined],
		['DEPTH_ZERO_SELF_SIGNED_CERT', {}, 'notSent', true],
		['CERT_HAS_EXPIRED', {}, 'notSent', true],
		['ERR_TLS_CERT_ALTNAME_INVALID', {}, 'notSent', true],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', {}, 'notSent', true],
		['ERR_OSSL_X509_KEY_VALUES_MISMATCH', {}, 'notSent', true],
		['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', {}, 'notSent', true],
		['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', {}, 'unknown', undefined],
		['constructor', {}, 'unknown', undefined],
		['ECONNRESET', {}, 'unknown', undefined],
		['EPIPE', {}, 'unknown', undefined],
		['ECONNABORTED', {}, 'unknown', undefined],
		['ETIMEDOUT', {}, 'unknown', undefined],
		['ERR_CANCELED', {}, 'unknown', undefined],
	])('%s %j: %s', (code, more, outcome, permanent) => {
		// n8n wraps axios's error, and axios the socket's.
		const error = new Error('wrapped', {
			cause: new Error('axios', { cause: socket(code, more) }),
		});
		const failure = readNetworkError(error);
		expect(failure).toMatchObject({ outcome, code });
		expect(failure.permanent).toBe(permanent);
		expect(failure.advice).toMatch(/\.$/);
	});

	it('of a host with several addresses, of which none answers, sent nothing', () => {
		const each = ['ETIMEDOUT', 'ENETUNREACH'].map((code) => socket(code, { syscall: 'connect' }));
		const error = Object.assign(new AggregateError(each), { code: 'ETIMEDOUT' });
		const wrapped = new Error('n8n', { cause: new Error('axios', { cause: error }) });
		expect(readNetworkError(wrapped)).toMatchObject({ outcome: 'notSent', code: 'ETIMEDOUT' });
	});

	it('is known by the name of the error of n8n that has lost its causes', () => {
		const error = Object.assign(new Error('SSL Issue'), { name: 'NodeSslError' });
		expect(readNetworkError(error)).toMatchObject({ outcome: 'notSent', code: 'CERT_UNTRUSTED' });
	});

	it('is unknown when nothing is known of it', () => {
		expect(readNetworkError('?')).toMatchObject({ outcome: 'unknown', code: 'NoAnswer' });
	});
});
