import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../n8n/ports.mts';
import { redisArguments } from './env.mts';
import { startServer, type Server } from './server.mts';

export interface Redis {
	port: number;
	password: string;
	/** Ends it and starts it again on the same port; if not `persistent`, as one without a disk would. */
	restart(how: { persistent: boolean; downMs: number }): Promise<void>;
	stop(): Promise<void>;
}

export async function startRedis(folder: string): Promise<Redis> {
	const port = await freePort();
	const password = randomBytes(16).toString('hex');
	let generation = 0;
	let server: Server;

	async function start() {
		const cwd = `${folder}/${generation}`;
		await mkdir(cwd, { recursive: true });
		const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', cwd];
		server = await startServer({
			command: 'redis-server',
			args: [...own, ...redisArguments(password)],
			ready: /Ready to accept connections/,
			cwd,
		});
	}
	await start();

	return {
		port,
		password,
		async restart({ persistent, downMs }) {
			await server.stop();
			if (!persistent) generation++;
			await sleep(downMs);
			await start();
		},
		stop: async () => await server.stop(),
	};
}
