import { execa } from 'execa';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureCommands } from '../n8n/apt.mts';
import { onInterrupt } from '../n8n/cleanup.mts';
import type { Log } from '../n8n/cache.mts';
import { createN8n, PACKAGE_FOLDER, type N8n } from '../n8n/instance.mts';
import { freePort } from '../n8n/ports.mts';
import type { RestClient } from '../n8n/rest.mts';
import { queueEnv, WORKER_COMMAND, workerEnv } from './env.mts';
import { startPostgres } from './postgres.mts';
import { startRedis, type Redis } from './redis.mts';

const LINK_SCRIPT = join(import.meta.dirname, '..', '..', 'docs', 'deploy', 'link-package.sh');

export interface Worker {
	name: string;
	/** Whether it is the one that began this execution. */
	ran(executionId: string): boolean;
	start(): Promise<void>;
	/** What n8n does in answer is n8n's; resolves when the process is no more. */
	terminate(): Promise<void>;
	/** With all that it started, as a machine that loses power does. */
	kill(): Promise<void>;
}

export interface Cluster {
	url: string;
	workers: Worker[];
	redis: Redis;
	/** A new one after `restartMain`, which ends the session. */
	readonly rest: RestClient;
	restartMain(): Promise<void>;
	/** With all that it started, as a machine that loses power does; `restartMain` starts it again. */
	killMain(): Promise<void>;
	/** What `stop` is to end too, before all else. */
	atEnd(end: () => Promise<unknown>): void;
	/** All that its n8n processes printed. */
	logs(): string;
	stop(): Promise<void>;
}

export interface ClusterOptions {
	tarball: string;
	log: Log;
	/** One for each worker: variables of its own. */
	workers: Array<Record<string, string>>;
}

type Running = Awaited<ReturnType<N8n['start']>>;

async function childrenOf(pid: number): Promise<number[]> {
	const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
	return list.split(' ').filter(Boolean).map(Number);
}

function signal(pid: number, name: NodeJS.Signals) {
	try {
		process.kill(pid, name);
	} catch {
		// It has ended meanwhile.
	}
}

async function killAll({ pid, ended }: Running): Promise<void> {
	for (const each of [...(await childrenOf(pid)), pid]) signal(each, 'SIGKILL');
	await ended;
}

function workerOf(name: string, n8n: N8n): Worker {
	let running: Running | undefined;
	return {
		name,
		ran: (executionId) => n8n.logs().includes(`Worker started execution ${executionId} (`),
		async start() {
			running = await n8n.start(WORKER_COMMAND);
		},
		async terminate() {
			if (!running) return;
			signal(running.pid, 'SIGTERM');
			await running.ended;
		},
		async kill() {
			if (!running) return;
			await killAll(running);
		},
	};
}

/** Turns an installed package into one that comes the way `docs/deploy/Dockerfile` brings it. */
async function bringAsImageDoes({ userFolder }: N8n) {
	const image = join(userFolder, 'image');
	const modules = join(image, 'node_modules');
	await mkdir(modules, { recursive: true });
	await rename(join(userFolder, PACKAGE_FOLDER), join(modules, basename(PACKAGE_FOLDER)));
	await cp(LINK_SCRIPT, join(image, 'link-package.sh'));
	await execa('sh', [join(image, 'link-package.sh'), 'true'], {
		env: { HOME: userFolder, N8N_USER_FOLDER: userFolder },
	});
}

/** PostgreSQL, Redis, one main and the workers of a real n8n, each with a folder of its own. */
export async function startCluster({
	tarball,
	log,
	workers: own,
}: ClusterOptions): Promise<Cluster> {
	await ensureCommands(['redis-server'], "n8n's queue is in it", log);
	const folder = await mkdtemp(join(tmpdir(), 'n8n-ultimo-queue-'));
	await chmod(folder, 0o755);
	const ends: Array<() => Promise<unknown>> = [
		async () => await rm(folder, { recursive: true, force: true, maxRetries: 3 }),
	];
	const stop = async () => {
		forget();
		for (const end of ends.splice(0).reverse())
			await end().catch((error: Error) => log(`  Could not clean up: ${error.message}`));
	};
	// The processes have their own, which end them at the same time; this removes the folder.
	const forget = onInterrupt(stop);

	try {
		const postgres = await startPostgres(join(folder, 'postgres'), log);
		ends.push(postgres.stop);
		const redis = await startRedis(join(folder, 'redis'));
		ends.push(redis.stop);

		const shared = queueEnv({ postgres, redis });
		const create = async (extra: Record<string, string>, port: number) =>
			await createN8n({ tarball, port, log, env: { ...shared, ...extra } });
		log(`  PostgreSQL and Redis are ready; installing the package ${own.length + 1} times`);
		// It runs nothing itself, but waits for those who wait for an answer, even one that can't come.
		const main = await create({ N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5' }, await freePort());
		const instances = [main];
		ends.push(async () => await Promise.all(instances.map(async (n8n) => await n8n.stop())));
		for (const extra of own) {
			const port = await freePort();
			instances.push(await create({ ...workerEnv(port), ...extra }, port));
		}
		await bringAsImageDoes(instances[instances.length - 1]);

		log('  Starting main, which lays out the database');
		let running = await main.start();
		log('  Starting the workers');
		const workers = instances.slice(1).map((n8n, index) => workerOf(`worker ${index + 1}`, n8n));
		await Promise.all(workers.map(async (worker) => await worker.start()));
		let rest = await main.login();
		return {
			url: main.url,
			workers,
			redis,
			get rest() {
				return rest;
			},
			async restartMain() {
				signal(running.pid, 'SIGTERM');
				await running.ended;
				running = await main.start();
				rest = await main.login();
			},
			killMain: async () => await killAll(running),
			logs: () => instances.map((n8n) => n8n.logs()).join('\n'),
			atEnd: (end) => void ends.push(end),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
