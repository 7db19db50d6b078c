import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OWNER } from './env.mts';

/** What n8n says of a credential or workflow that was made; `versionId` of a workflow only. */
interface Made {
	id: string;
	name: string;
	versionId: string;
}

/** n8n says this of itself for as long as a big execution keeps it from looking at its database. */
const NOT_READY = 'Database is not ready!';
const READY_AFTER_S = 60;

/** n8n's REST API as its own editor uses it: paths from `/rest` on, answers without their `data` wrapper. */
export interface RestClient {
	get<T = Made>(path: string): Promise<T>;
	post<T = Made>(path: string, body?: unknown): Promise<T>;
	/** Activates a workflow. @returns its id */
	publish(workflow: Pick<Made, 'id' | 'versionId'>): Promise<string>;
	patch<T = Made>(path: string, body?: unknown): Promise<T>;
}

export async function logIn(url: string): Promise<RestClient> {
	// n8n ties a session to the browser that opened it.
	const browserId = randomUUID();
	let cookie = '';

	async function call<T>(
		method: string,
		path: string,
		body?: unknown,
		patience = READY_AFTER_S,
	): Promise<T> {
		const response = await fetch(`${url}${path}`, {
			method,
			headers: {
				'browser-id': browserId,
				...(cookie ? { cookie } : {}),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (response.status === 503 && text.includes(NOT_READY) && patience > 0) {
			await sleep(1_000);
			return await call(method, path, body, patience - 1);
		}
		if (!response.ok)
			throw new Error(`n8n answered ${response.status} to ${method} ${path}: ${text}`);
		const issued = response.headers.getSetCookie().map((line) => line.split(';')[0]);
		if (issued.length > 0) cookie = issued.join('; ');
		const answer = text ? JSON.parse(text) : undefined;
		return answer && 'data' in answer ? answer.data : answer;
	}

	await call('POST', '/rest/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
	return {
		get: async (path) => await call('GET', path),
		post: async (path, body) => await call('POST', path, body),
		async publish({ id, versionId }) {
			await call('POST', `/rest/workflows/${id}/activate`, { versionId });
			return id;
		},
		patch: async (path, body) => await call('PATCH', path, body),
	};
}
