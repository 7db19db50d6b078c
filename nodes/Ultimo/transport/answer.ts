import type { IDataObject } from 'n8n-workflow';

import { explain, isKeyRefused, isVerdict, LOOK_IN_ULTIMO } from './codes';
import type { Entity } from './endpoints';
import type { Failure, Outcome } from './failure';
import { QUOTA } from './limits';
import { retryAfterMs } from './retryAfter';
import { cut } from './words';

/** A success holds what an action says, or objects' `items` and what stands beside them. */
export type Answer = { properties: IDataObject } | { failure: Failure };

/** A page of a list of objects. */
export interface ObjectList {
	items: IDataObject[];
	/** Of the page or of the whole list; Ultimo's pages don't say. */
	count: unknown;
	/** To the next page; absolute, as far as was seen. */
	nextPageLink: unknown;
}

/** An HTTP answer, all of it. */
export interface HttpAnswer {
	statusCode: number;
	headers: Record<string, unknown>;
	/** Missing if it was too long to be one of Ultimo's. */
	body?: string;
}

export const LOOK_FIRST = `The request may or may not have been carried out. ${LOOK_IN_ULTIMO}`;
const MESSAGE_LENGTH = 500;
/** Larger requests are no reservation of ours; a gateway may refuse them for their size. */
const LARGE_REQUEST = 64 * 1024;

/**
 * Reads an answer of Ultimo. The body decides, not the status: "a 200 OK response does not mean
 * that the request was successfully handled" (developer.ultimo.net). A success has `properties`,
 * a body with `message` or `code` is an error, and whatever can't be read leaves the outcome open.
 *
 * @param requestBytes length of the request's body, to tell "too large" from "too many"
 * @param now milliseconds since 1970, to read a `Retry-After` that is a date
 * @param blot removes the API key, which a gateway may repeat in its words
 * @param entity when objects were asked for: their list is the body itself
 */
export function readAnswer(
	answer: HttpAnswer,
	requestBytes: number,
	now: number,
	blot: (text: string) => string,
	entity?: Entity,
): Answer {
	const { statusCode: httpStatus, headers } = answer;
	const body = parseBody(answer.body, blot);
	// .NET spells them either way.
	const field = (name: string) =>
		body?.[name] ?? body?.[name.replace(/^./, (first) => first.toUpperCase())];
	const words = (name: string) => tidy(text(field(name)));
	const code = words('code');
	const message = words('message');
	const own = message ?? (code && 'Ultimo gave no message');

	if (httpStatus === 429 || (httpStatus === 413 && requestBytes < LARGE_REQUEST)) {
		return failure('refused', own ?? 'Ultimo refused the request: a quota is used up', {
			code,
			httpStatus,
			quota: { retryAfterMs: retryAfterMs(headers, now) },
			advice: `Ultimo allows ${QUOTA}.`,
		});
	}
	// 408: a gateway has waited long enough for Ultimo.
	if ((httpStatus >= 500 || httpStatus === 408) && !isVerdict(code)) {
		return failure('unknown', own ?? `Ultimo or a gateway before it answered HTTP ${httpStatus}`, {
			code,
			httpStatus,
			advice: LOOK_FIRST,
		});
	}
	if (own !== undefined) {
		const { advice, permanent } = explain(code, httpStatus, entity);
		// With words of its own Ultimo may mean this one reservation; about the key it never does.
		return failure('refused', own, {
			code,
			httpStatus,
			advice,
			...(permanent && (entity || httpStatus === 401 || isKeyRefused(code)) ? { permanent } : {}),
		});
	}
	if (httpStatus >= 300) {
		return failure('refused', `HTTP ${httpStatus} came back, and no answer of Ultimo`, {
			httpStatus,
			...explain(undefined, httpStatus, entity),
		});
	}
	const list = (): ObjectList | undefined => {
		// .NET can leave an empty list out.
		const items = field('items') ?? (field('count') === 0 ? [] : undefined);
		if (!Array.isArray(items) || !items.every(isObject)) return undefined;
		return { items, count: field('count'), nextPageLink: field('nextPageLink') };
	};
	const properties = entity ? list() : field('properties');
	if (isObject(properties)) return { properties };
	return failure('unknown', unreadable(answer.body), {
		httpStatus,
		advice: `${LOOK_FIRST} If every request ends like this, check the Environment URL of the credential.`,
	});
}

function failure(
	outcome: Outcome,
	message: string,
	details: Omit<Failure, 'outcome' | 'message'>,
): Answer {
	return { failure: { outcome, message, ...details } };
}

/** The body's object with no key in it, neither in a value nor in a name. */
function parseBody(
	body: string | undefined,
	blot: (text: string) => string,
): IDataObject | undefined {
	const blotted = (_: string, value: unknown): unknown => {
		if (typeof value === 'string') return blot(value);
		if (!isObject(value)) return value;
		return Object.fromEntries(Object.entries(value).map(([name, one]) => [blot(name), one]));
	};
	// Some .NET servers begin their JSON with a byte order mark.
	const json = (body ?? '').replace(/^\uFEFF/, '');
	// To go through all values takes long, and a key is hardly ever there.
	const looks = json.replace(/\\u00([0-7][\da-f])/gi, (_, hex) =>
		String.fromCharCode(parseInt(hex, 16)),
	);
	try {
		const parsed: unknown = JSON.parse(json, blot(looks) === looks ? undefined : blotted);
		return isObject(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

function unreadable(body: string | undefined): string {
	if (body === undefined) return 'The answer is larger than one of Ultimo ever is';
	const start = body.trimStart();
	if (start.startsWith('<')) return 'A web page came back in place of an answer of Ultimo';
	if (start === '') return 'Ultimo answered without a body';
	return "Ultimo's answer was cut off or is no answer of this action";
}

export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text or number as text; `type` and `code` come as either. */
export function text(value: unknown): string | undefined {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Ultimo's words as the editor can show them: in one line, since it prints "\r\n" as it is. */
function tidy(words: string | undefined): string | undefined {
	return words && cut(words.replace(/\s+/g, ' '), MESSAGE_LENGTH);
}
