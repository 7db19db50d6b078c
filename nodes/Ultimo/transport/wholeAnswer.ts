import type { HttpAnswer } from './answer';
import type { Clock } from './clock';
import { Stop } from './stop';

/** An answer as n8n's helpers give it before its body has come. */
export interface OpenAnswer extends Omit<HttpAnswer, 'body'> {
	body: unknown;
}

/** Longer than any list of Ultimo's; few bytes can be decoded to as many as one likes. */
const MOST_BYTES = 2 * 1024 * 1024;
/** How often to look whether a time is over; a timer for all of it would outlive the answer. */
const LOOK_EVERY_MS = 250;

/**
 * Ends what takes too long, with one timer for all that is under way: n8n's timers can't be called
 * off, and each would keep an answer in memory for a second after it came.
 */
export class Deadlines {
	private readonly open = new Map<() => void, number>();
	private looks = false;

	constructor(private readonly clock: Pick<Clock, 'now' | 'sleep'>) {}

	/**
	 * @param ms the same for all; a shorter one than those under way may be found up to a second late
	 * @returns what calls it off
	 */
	set(ms: number, over: () => void): () => void {
		this.open.set(over, this.clock.now() + ms);
		if (!this.looks) void this.look();
		return () => this.open.delete(over);
	}

	private async look(): Promise<void> {
		this.looks = true;
		while (this.open.size > 0) {
			const now = this.clock.now();
			let wait = LOOK_EVERY_MS;
			for (const [over, at] of this.open) {
				wait = Math.min(wait, Math.max(0, at - now));
				if (at > now) continue;
				this.open.delete(over);
				over();
			}
			await this.clock.sleep(wait);
		}
		this.looks = false;
	}
}

/**
 * The whole answer, however slowly it comes and however long it is.
 * @param timeout milliseconds for all of it
 * @param ask gets what ends the request when its time is over, or when the user stops the execution
 * @throws what `ask` throws, or an error with axios's code for a timeout
 */
export async function wholeAnswer(
	deadlines: Deadlines,
	timeout: number,
	ask: (signal: AbortSignal) => Promise<OpenAnswer>,
	stop = new Stop(),
): Promise<HttpAnswer> {
	const end = new AbortController();
	const forget = stop.onRequest(() => end.abort());
	if (stop.requested) end.abort();
	try {
		return await new Promise((resolve, reject) => {
			const callOff = deadlines.set(timeout, () => {
				reject(Object.assign(new Error('timeout'), { code: 'ECONNABORTED' }));
				end.abort();
			});
			void read(ask(end.signal), end.signal).finally(callOff).then(resolve, reject);
		});
	} finally {
		forget();
	}
}

async function read(asked: Promise<OpenAnswer>, signal: AbortSignal): Promise<HttpAnswer> {
	const answer = await asked;
	return { ...answer, body: await textOf(answer.body, signal) };
}

/**
 * The text of a body, or `undefined` if it is too long to be one of Ultimo's. By events: an iterator
 * leaves more to the garbage collector than all else that the node does for an item.
 */
async function textOf(body: unknown, signal: AbortSignal): Promise<string | undefined> {
	if (!isStream(body)) return typeof body === 'string' ? body : JSON.stringify(body);
	const end = () => body.destroy();
	signal.addEventListener('abort', end);
	try {
		return await new Promise((resolve, reject) => {
			const chunks: Uint8Array[] = [];
			let bytes = 0;
			let isWhole = false;
			const closed = () => {
				if (isWhole) return;
				reject(Object.assign(new Error('cut off'), { code: 'ERR_STREAM_PREMATURE_CLOSE' }));
			};
			body.on('data', (chunk: Uint8Array) => {
				bytes += chunk.length;
				if (bytes <= MOST_BYTES) return void chunks.push(chunk);
				resolve(undefined);
				end();
			});
			body.on('end', () => {
				isWhole = true;
				resolve(Buffer.concat(chunks).toString());
			});
			body.on('error', reject);
			body.on('close', closed);
			if (body.destroyed) closed();
			if (signal.aborted) end();
		});
	} finally {
		signal.removeEventListener('abort', end);
	}
}

interface Stream {
	readonly destroyed: boolean;
	on(event: 'data', listener: (chunk: Uint8Array) => void): void;
	on(event: 'end' | 'close', listener: () => void): void;
	on(event: 'error', listener: (error: Error) => void): void;
	/** Ends the connection too. */
	destroy(): void;
}

function isStream(body: unknown): body is Stream {
	return typeof body === 'object' && body !== null && 'destroy' in body && 'on' in body;
}
