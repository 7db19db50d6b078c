import type { HttpAnswer } from './answer';
import type { Clock } from './gate';

/** An answer as n8n's helpers give it before its body has come. */
export interface OpenAnswer extends Omit<HttpAnswer, 'body'> {
	body: unknown;
}

/** Longer than any list of Ultimo's; few bytes can be decoded to as many as one likes. */
const MOST_BYTES = 2 * 1024 * 1024;
/** How often to look whether the time is over; a timer for all of it would outlive the answer. */
const LOOK_EVERY_MS = 1_000;

/**
 * The whole answer, however slowly it comes and however long it is.
 * @param timeout milliseconds for all of it
 * @param ask gets what ends the request when its time is over, or when the user stops the execution
 * @throws what `ask` throws, or an error with axios's code for a timeout
 */
export async function wholeAnswer(
	{ now, sleep }: Pick<Clock, 'now' | 'sleep'>,
	timeout: number,
	ask: (signal: AbortSignal) => Promise<OpenAnswer>,
	stop?: AbortSignal,
): Promise<HttpAnswer> {
	const abort = new AbortController();
	const signal = stop ? AbortSignal.any([stop, abort.signal]) : abort.signal;
	let ended = false;
	const whole = read(ask(signal), signal).finally(() => (ended = true));
	const watch = async () => {
		for (let left = timeout, end = now() + timeout; !ended; left = end - now()) {
			if (left <= 0) throw Object.assign(new Error('timeout'), { code: 'ECONNABORTED' });
			await sleep(Math.min(left, LOOK_EVERY_MS));
		}
		return await whole;
	};
	try {
		return await Promise.race([whole, watch()]);
	} finally {
		// Of what is over it ends nothing.
		abort.abort();
	}
}

async function read(asked: Promise<OpenAnswer>, signal: AbortSignal): Promise<HttpAnswer> {
	const answer = await asked;
	return { ...answer, body: await textOf(answer.body, signal) };
}

/** The text of a body, or `undefined` if it is too long to be one of Ultimo's. */
async function textOf(body: unknown, signal: AbortSignal): Promise<string | undefined> {
	if (!isStream(body)) return typeof body === 'string' ? body : JSON.stringify(body);
	const end = () => body.destroy();
	signal.addEventListener('abort', end);
	if (signal.aborted) end();
	try {
		const chunks: Uint8Array[] = [];
		let bytes = 0;
		// Whoever leaves the loop early destroys the stream, and the connection with it.
		for await (const chunk of body) {
			bytes += chunk.length;
			if (bytes > MOST_BYTES) return undefined;
			chunks.push(chunk);
		}
		return Buffer.concat(chunks).toString();
	} finally {
		signal.removeEventListener('abort', end);
	}
}

type Stream = AsyncIterable<Uint8Array> & { destroy(): void };

function isStream(body: unknown): body is Stream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
