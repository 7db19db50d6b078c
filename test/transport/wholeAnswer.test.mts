import { gzipSync } from 'node:zlib';
import type { RequestListener, ServerResponse } from 'node:http';

import { systemClock } from '../../nodes/Ultimo/transport/clock';
import { Deadlines } from '../../nodes/Ultimo/transport/wholeAnswer';
import { host, type Host } from '../support/hosts.mts';
import { API_KEY, runNode, searchList, testCredential } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';

withFakeTime();

let server: Host | undefined;
afterEach(async () => await server?.stop());

/** Megabytes of blanks in a few kilobytes. */
const bomb = (megabytes: number) => gzipSync(Buffer.alloc(megabytes * 1024 * 1024, ' '));

/** Answers whose end never comes; `closed` is kept of how each connection ended. */
const SLOW: Array<[string, (response: ServerResponse) => void]> = [
	['a body of a byte now and then', (response) => void response.writeHead(200).write('{')],
	['a header now and then', ({ socket }) => void socket!.write('HTTP/1.1 200 OK\r\n')],
	[
		'a compressed body',
		(response) => {
			response.writeHead(200, { 'content-encoding': 'gzip' });
			response.write(bomb(1).subarray(0, 100));
		},
	],
];

/** Goes on with a byte of it now and then, so that no timer of an idle connection ends it. */
async function slowHost(begin: (response: ServerResponse) => void) {
	let closed = 0;
	server = await host('http', (_, response) => {
		begin(response);
		const more = () => {
			if (response.headersSent) response.write(' ');
			else response.socket?.write('a');
		};
		const drip = setInterval(more, 200);
		response.on('close', () => {
			closed++;
			clearInterval(drip);
		});
	});
	return { closed: () => closed };
}

const credential = () => ({ baseUrl: server!.url, apiKey: API_KEY });
const parameters = { options: { timeout: 300 } };

describe.each(SLOW)('%s', (_, begin) => {
	it('holds a run no longer than its Timeout, and is let go', async () => {
		const { closed } = await slowHost(begin);
		const items = [{ UltimoId: '00000006712' }];
		const { error } = await fast(runNode({ items, parameters, credential: credential() }));
		expect(error?.message).toBe('Ultimo did not answer in time [ECONNABORTED]');
		expect(error?.context).toMatchObject({ outcome: 'unknown' });
		while (closed() < server!.requests()) await new Promise((resolve) => setImmediate(resolve));
	});
});

it("holds the editor's list no longer than it has patience", async () => {
	await slowHost(SLOW[0][1]);
	const list = searchList({ spaceId: 'C-25' }, undefined, undefined, undefined, credential());
	await expect(fast(list)).rejects.toThrow('Ultimo did not answer in time');
	expect(server!.requests()).toBe(1);
});

it.each(SLOW)(
	'holds the test of a credential no longer: %s',
	async (_, begin) => {
		await slowHost(begin);
		const { status, message } = await fast(testCredential(credential()));
		expect({ status, message }).toEqual({
			status: 'Error',
			message: expect.stringContaining('Ultimo did not answer in time'),
		});
		expect(server!.requests()).toBe(1);
	},
	30_000,
);

const COMPRESSED: RequestListener = (_, response) => {
	response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB);
};
const BOMB = bomb(1024);

describe('an answer of a megabyte that decodes to a gigabyte', () => {
	const LARGER = 'The answer is larger than one of Ultimo ever is';

	/** The most memory in use while something is under way, beside what was in use before. */
	async function mostMemory<T>(work: Promise<T>): Promise<[T, number]> {
		const before = process.memoryUsage.rss();
		let most = before;
		const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
		const result = await fast(work);
		clearInterval(look);
		return [result, (Math.max(most, process.memoryUsage.rss()) - before) / 1024 / 1024];
	}

	it('is broken off in a run', async () => {
		server = await host('http', COMPRESSED);
		const items = [{ UltimoId: '00000006712' }];
		const run = runNode({ items, parameters: {}, credential: credential() });
		const [{ error }, megabytes] = await mostMemory(run);
		expect(error?.message).toBe(LARGER);
		expect(error?.context).toMatchObject({ outcome: 'unknown', httpStatus: 200 });
		expect(megabytes).toBeLessThan(200);
	});

	it('is broken off in the list of the editor', async () => {
		server = await host('http', COMPRESSED);
		const list = searchList({ spaceId: 'C-25' }, undefined, undefined, undefined, credential());
		const [error, megabytes] = await mostMemory(list.catch((one: Error) => one));
		expect(error).toMatchObject({ message: LARGER });
		expect(megabytes).toBeLessThan(200);
	});

	it('is broken off in the test of a credential', async () => {
		server = await host('http', COMPRESSED);
		const [{ status, message }, megabytes] = await mostMemory(testCredential(credential()));
		expect([status, message]).toEqual(['Error', expect.stringContaining(LARGER)]);
		expect(megabytes).toBeLessThan(200);
	});
});

it('reads an answer that comes in pieces, compressed, of many bytes a letter', async () => {
	const body = JSON.stringify({ message: 'Café '.repeat(50), code: '1015' });
	server = await host('http', (_, response) => {
		response.writeHead(400, { 'content-encoding': 'gzip' });
		const packed = gzipSync(body);
		response.write(packed.subarray(0, 20));
		setImmediate(() => response.end(packed.subarray(20)));
	});
	const { error } = await runNode({ items: [{ UltimoId: '1' }], credential: credential() });
	expect(error?.message).toBe(`${'Café '.repeat(50).trim()} [1015]`);
});

it('does not take a body that is cut off for a whole one', async () => {
	server = await host('http', (_, response) => {
		response.writeHead(200, { 'content-length': '100' });
		response.write('{"properties":{}}');
		setImmediate(() => response.socket?.destroy());
	});
	const run = runNode({ items: [{ UltimoId: '1' }], credential: credential() });
	const { error } = await fast(run);
	expect(error?.message).toContain('The connection was lost before Ultimo answered');
	expect(error?.context).toMatchObject({ outcome: 'unknown' });
});

it('waits for any number of answers by one timer, and ends in its time what has none', async () => {
	const deadlines = new Deadlines(systemClock);
	const ended: string[] = [];
	const callOff = deadlines.set(2_500, () => ended.push('answered'));
	await jest.advanceTimersByTimeAsync(400);
	deadlines.set(2_500, () => ended.push('lost'));
	for (let more = 0; more < 100; more++) deadlines.set(2_500, () => ended.push('more'))();
	expect(jest.getTimerCount()).toBe(1);
	callOff();
	await jest.advanceTimersByTimeAsync(2_499);
	expect(ended).toEqual([]);
	await jest.advanceTimersByTimeAsync(2);
	expect(ended).toEqual(['lost']);
	await jest.advanceTimersByTimeAsync(1_000);
	expect(jest.getTimerCount()).toBe(0);
});
