import nock from 'nock';

import { elementId, type ActionName } from '../../dev/ultimo/contract.mts';
import { inThePast as PAST } from '../../dev/ultimo/refusals.mts';
import { API_KEY, ENVIRONMENT } from './n8n.mts';

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

/** All of the request for an action. */
export const askedFor = (name: ActionName, body: unknown): Seen => ({
	method: 'POST',
	path: `/api/v1/action/${name}`,
	apiKey: API_KEY,
	elementId: elementId(name),
	body,
});

/** All of the request for a list of objects. */
export const askedToRead = (entity: 'Space' | 'Employee', query: Record<string, string>): Seen => ({
	method: 'GET',
	path: `/api/v1/object/${entity}`,
	apiKey: API_KEY,
	elementId: undefined,
	body: undefined,
	query,
});

/** A field of each request for an action, in the order in which they came. */
export const fieldOf = (seen: Seen[], field: string) =>
	seen.map(({ body }) => (body as Record<string, unknown> | undefined)?.[field]);

export const listed = (...collection: object[]) => ({
	body: { properties: { Output: { collection } } },
});
export const lists = (...items: object[]) => ({ body: { count: items.length, items } });

export const ok = { body: { properties: {} } };

export function refusal(code: string, message: string, status = 400) {
	return { status, body: { message, type: '3', code } };
}

export const inThePast = refusal(PAST.code, PAST.message);

export function lost(code: string): Reply {
	return { error: Object.assign(new Error(`test: ${code}`), { code }) };
}
