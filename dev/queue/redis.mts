import { execa } from 'execa';
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../n8n/ports.mts';
import { REDIS_ARGUMENTS } from './env.mts';
import { startServer, type Server } from './server.mts';

export async function ensureRedis(log: (line: string) => void): Promise<void> {
	const found = await execa('redis-server', ['--version'], { reject: false });
	if (!found.failed) return;

	const isRoot = process.getuid?.() === 0;
	if (!isRoot || (await execa('apt-get', ['--version'], { reject: false })).failed) {
		throw new Error(
			'redis-server cannot be run. On Debian or Ubuntu: sudo apt-get install -y redis-server',
		);
	}
	log('Installing redis-server with apt-get (running as root)');
	// Debian starts what it installs, except in run level 1; ours has a port of its own.
	const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
	await execa('apt-get', ['update'], { env });
	await execa('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], { env });
}

export interface Redis {
	port: number;
	/** Ends it and starts it again on the same port; if not `persistent`, as one without a disk would. */
	restart(how: { persistent: boolean; downMs: number }): Promise<void>;
	stop(): Promise<void>;
}

export async function startRedis(folder: string): Promise<Redis> {
	const port = await freePort();
	let generation = 0;
	let server: Server;

	async function start() {
		const cwd = `${folder}/${generation}`;
		await mkdir(cwd, { recursive: true });
		const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', cwd];
		server = await startServer({
			command: 'redis-server',
			args: [...own, ...REDIS_ARGUMENTS],
			ready: /Ready to accept connections/,
			cwd,
		});
	}
	await start();

	return {
		port,
		async restart({ persistent, downMs }) {
			await server.stop();
			if (!persistent) generation++;
			await sleep(downMs);
			await start();
		},
		stop: async () => await server.stop(),
	};
}
