import nock from 'nock';

import { inThePast as PAST } from '../../dev/ultimo/refusals.mts';
import { ENVIRONMENT } from './n8n.mts';

/** For all tests of a file: nothing is reached but what {@link ultimo} answers. */
export function withoutNetwork(): void {
	beforeAll(() => nock.disableNetConnect());
	afterEach(() => {
		nock.abortPendingRequests();
		nock.cleanAll();
	});
	afterAll(() => nock.restore());
}

/** A request as it reached Ultimo. */
export interface Seen {
	method: string;
	path: string;
	apiKey?: string;
	elementId?: string;
	/** Of a read, decoded. */
	query?: Record<string, string>;
	/** Undefined of a read. */
	body: unknown;
}

type Reply =
	{ status?: number; body?: unknown; headers?: Record<string, string> } | { error: object };

/**
 * Answers every request to Ultimo by `reply`, and keeps what was asked, in order.
 * @param reply gets the request's body and how many requests there were before
 */
export function ultimo(
	reply: (body: { UltimoId?: string }, index: number, request: Seen) => Reply,
): Seen[] {
	const seen: Seen[] = [];
	for (const method of ['POST', 'GET']) {
		nock(ENVIRONMENT)
			.persist()
			.intercept(/.*/, method)
			.reply(function (uri, body, respond) {
				const header = (name: string) => [this.req.headers[name]].flat()[0];
				const url = new URL(uri, ENVIRONMENT);
				const request: Seen = {
					method,
					path: url.pathname,
					apiKey: header('apikey'),
					elementId: header('applicationelementid'),
					body: method === 'POST' ? body : undefined,
					...(method === 'GET' && { query: Object.fromEntries(url.searchParams) }),
				};
				const answer = reply(body as { UltimoId?: string }, seen.length, request);
				seen.push(request);
				if ('error' in answer) return respond(answer.error as Error, [0]);
				const { status = 200, body: answered = { properties: {} }, headers = {} } = answer;
				respond(null, [status, answered as nock.Body, headers]);
			});
	}
	return seen;
}

export const ok = { body: { properties: {} } };

export function refusal(code: string, message: string, status = 400) {
	return { status, body: { message, type: '3', code } };
}

export const inThePast = refusal(PAST.code, PAST.message);

export function lost(code: string): Reply {
	return { error: Object.assign(new Error(`test: ${code}`), { code }) };
}
