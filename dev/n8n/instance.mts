import { execa, type Options } from 'execa';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onInterrupt } from './cleanup.mts';
import { n8nEnv, ownerEnv } from './env.mts';
import type { Log } from './cache.mts';
import { ensureN8n } from './install.mts';
import { parseExecution, type Execution } from './execution.mts';
import { freePort } from './ports.mts';
import { logIn, type RestClient } from './rest.mts';

/** Where n8n installs community packages, below its user folder. */
const NODES_FOLDER = join('.n8n', 'nodes');
export const PACKAGE_FOLDER = join(NODES_FOLDER, 'node_modules', 'n8n-nodes-ultimo');
const START_TIMEOUT_MS = 180_000;
const STOP_GRACE_MS = 10_000;

export interface N8nOptions {
	tarball: string;
	log?: Log;
	/** Added to the closed environment of `env.mts`. */
	env?: Record<string, string>;
	/** The server's port; a free one unless given. */
	port?: number;
}

export interface Credential {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

export interface ExecuteResult {
	/** What the exit code says. */
	ok: boolean;
	/** Undefined if n8n ended before there was an execution; `output` then tells why. */
	run: Execution | undefined;
	output: string;
}

/** One real n8n with a folder and ports of its own, on sqlite. */
export interface N8n {
	userFolder: string;
	url: string;
	importCredentials(credentials: Credential[]): Promise<void>;
	/** It needs an `id`. */
	importWorkflow(workflow: object): Promise<void>;
	/** `n8n execute`: a process of its own, with or without the server running. */
	execute(workflowId: string): Promise<ExecuteResult>;
	/**
	 * `n8n start`, or another command that serves `/healthz/readiness` on `port`. Resolves when it is
	 * ready; the owner can log in then. `ended` resolves when it is no more.
	 */
	start(command?: string[]): Promise<{ url: string; pid: number; ended: Promise<unknown> }>;
	login(): Promise<RestClient>;
	stop(): Promise<void>;
	/** All that its processes printed so far. */
	logs(): string;
}

export async function createN8n(options: N8nOptions): Promise<N8n> {
	const installation = await ensureN8n({ log: options.log });
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-ultimo-'));
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const children = new Set<ReturnType<typeof spawn>>();
	let printed = '';
	let importCount = 0;
	let stopped = false;

	function spawn(command: string, args: string[], env: Record<string, string>, cwd = userFolder) {
		const settings = {
			cwd,
			env,
			extendEnv: false,
			all: true,
			reject: false,
			stdin: 'ignore',
			maxBuffer: 1_000_000_000,
			forceKillAfterDelay: STOP_GRACE_MS,
		} as const satisfies Options;
		// Who was about to start one when an interrupt stopped this would leave it behind.
		if (stopped) throw new Error('This n8n was stopped');
		const child = execa(command, args, settings);
		children.add(child);
		child.all.on('data', (chunk: Buffer) => (printed += chunk.toString()));
		void child.finally(() => children.delete(child));
		return child;
	}

	async function environment(extra: Record<string, string> = {}) {
		const brokerPort = await freePort();
		return {
			...n8nEnv({ bin: installation.bin, userFolder, brokerPort, port }),
			...extra,
			...options.env,
		};
	}

	async function n8n(args: string[], extra?: Record<string, string>) {
		return {
			child: spawn(installation.node, [installation.script, ...args], await environment(extra)),
		};
	}

	async function run(args: string[]) {
		const result = await (await n8n(args)).child;
		if (result.failed)
			throw new Error(`n8n ${args[0]} failed: ${result.shortMessage}\n${result.all}`);
	}

	async function importFile(command: string, content: unknown) {
		const file = join(userFolder, `import-${++importCount}.json`);
		await writeFile(file, JSON.stringify(content), { mode: 0o600 });
		await run([command, `--input=${file}`]);
		await rm(file);
	}

	/** As a user does on a self-hosted n8n. */
	async function installPackage(tarball: string) {
		const folder = join(userFolder, NODES_FOLDER);
		await mkdir(folder, { recursive: true });
		// Without one here, npm would go looking in the folders above.
		const manifest = '{"name":"installed-nodes","private":true}';
		await writeFile(join(folder, 'package.json'), manifest);
		const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];
		const flags = ['--ignore-scripts', '--legacy-peer-deps', ...quiet];
		const result = await spawn('npm', ['install', ...flags, tarball], await environment(), folder);
		if (result.failed) throw new Error(`${tarball} could not be installed:\n${result.all}`);
	}

	async function stop() {
		stopped = true;
		forget();
		for (const child of children) child.kill('SIGTERM');
		await Promise.allSettled([...children]);
		await rm(userFolder, { recursive: true, force: true, maxRetries: 3 });
	}
	const forget = onInterrupt(stop);

	try {
		await installPackage(options.tarball);
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		userFolder,
		url,
		stop,
		logs: () => printed,

		async importCredentials(credentials) {
			await importFile('import:credentials', credentials);
		},

		async importWorkflow(workflow) {
			await importFile('import:workflow', [workflow]);
		},

		async execute(workflowId) {
			const result = await (await n8n(['execute', `--id=${workflowId}`])).child;
			return { ok: !result.failed, run: parseExecution(result.stdout), output: result.all };
		},

		async start(command = ['start']) {
			const { child } = await n8n(command, ownerEnv());
			const started = Date.now();
			while (!(await isReady(url))) {
				if (!children.has(child)) throw new Error(`n8n ended while starting:\n${printed}`);
				if (Date.now() - started > START_TIMEOUT_MS)
					throw new Error(`n8n did not get ready:\n${printed}`);
				await sleep(250);
			}
			return { url, pid: child.pid as number, ended: child };
		},

		login: async () => await logIn(url),
	};
}

async function isReady(url: string): Promise<boolean> {
	try {
		return (await fetch(`${url}/healthz/readiness`)).ok;
	} catch {
		return false;
	}
}
