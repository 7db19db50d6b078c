import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { n8nEnv } from '../../dev/n8n/env.mts';
import { itemsOf, parseExecution } from '../../dev/n8n/execution.mts';
import { freePort, portOf } from '../../dev/n8n/ports.mts';

const item = { json: { UltimoId: '00000006712', cancelled: true }, pairedItem: { item: 0 } };
const execution = {
	status: 'success',
	data: {
		resultData: {
			runData: {
				Cancel: [
					{ executionStatus: 'success', data: { main: [[item]] } },
					{ executionStatus: 'success', data: { main: [[item, item]] } },
				],
				Failed: [{ executionStatus: 'error', error: { message: 'refused' } }],
			},
		},
	},
};
const json = JSON.stringify(execution, null, 2);

describe('what n8n execute prints', () => {
	it.each([
		['a success', `Task Broker ready\nExecution was successful:\n====\n${json}\n`],
		['a failure', `Execution error:\n====\n${json}\nrefused\nNodeApiError: {\n  stack\n`],
		['log lines with braces', `{"level":"info"}\n{ not this }\n${json}\n{ nor this\n`],
	])('is read out of %s', (_, stdout) => {
		expect(parseExecution(stdout)).toEqual(execution);
	});

	it.each(['', 'The workflow with the id "nope" does not exist.\n', '{\n"cut": [\n'])(
		'holds no execution: %j',
		(stdout) => expect(parseExecution(stdout)).toBeUndefined(),
	);

	it("gives the items of a node's last run", () => {
		expect(itemsOf(execution, 'Cancel')).toEqual([item, item]);
	});

	it.each(['Failed', 'Unknown'])('gives no items of a node without output: %s', (node) => {
		expect(itemsOf(execution, node)).toEqual([]);
	});
});

describe('the environment of an n8n process', () => {
	const env = n8nEnv({ bin: '/cache/bin', userFolder: '/folder', brokerPort: 1234 });

	it('has nothing of this process but the path, after the pinned Node', () => {
		expect(env.PATH).toBe(`/cache/bin:${process.env.PATH}`);
		const inherited = Object.keys(env).filter((name) => env[name] === process.env[name]);
		expect(inherited).toEqual([]);
	});

	it('keeps n8n out of the real home', () => {
		expect(env).toMatchObject({ HOME: '/folder', N8N_USER_FOLDER: '/folder' });
	});

	it('opens no port to other machines', () => {
		expect(env).toMatchObject({
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
			N8N_RUNNERS_BROKER_PORT: '1234',
		});
	});
});

describe('a free port', () => {
	it('is the wanted one', async () => {
		const port = await freePort();
		expect(await freePort(port)).toBe(port);
	});

	it('is given once, and is none that an outgoing connection may take', async () => {
		const ports = await Promise.all(Array.from({ length: 200 }, async () => await freePort()));
		expect(new Set(ports).size).toBe(200);
		expect(Math.max(...ports)).toBeLessThan(32_768);
	});

	it('is another one if the wanted one is taken', async () => {
		const server = createServer();
		const port = await portOf(server);
		expect(await freePort(port)).not.toBe(port);
		await new Promise((resolve) => server.close(resolve));
	});
});

describe('the lock file', () => {
	const name = 'package-lock.json';
	const inDev = readdirSync('dev', { recursive: true, encoding: 'utf8' });
	const locks = [name, ...inDev.filter((path) => path.endsWith(name)).map((path) => `dev/${path}`)];

	// One made with a mirror would send everyone else there; one made with none asks their own.
	it.each(locks)('%s names no registry, and is made again without one', (lock) => {
		expect(readFileSync(lock, 'utf8')).not.toContain('"resolved"');
		const settings = readFileSync(join(dirname(lock), '.npmrc'), 'utf8');
		expect(settings).toContain('omit-lockfile-registry-resolved=true');
	});
});
