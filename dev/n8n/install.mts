import { createHash } from 'node:crypto';
import {
	copyFile,
	mkdir,
	readdir,
	readFile,
	rename,
	rm,
	stat,
	utimes,
	writeFile,
} from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { onInterrupt } from './cleanup.mts';
import { ensureBuildTools } from './tools.mts';

export type Log = (line: string) => void;

export interface N8nInstallation {
	n8nVersion: string;
	nodeVersion: string;
	folder: string;
	/** Put it first on PATH: n8n wants a newer Node than this package's tools do. */
	bin: string;
	node: string;
	/** The script that `node` runs as the command `n8n`. */
	script: string;
}

/**
 * n8n and all that it depends on, locked; `overrides` in there holds back one optional dependency
 * whose newest version was published for some platforms only, with which `npm ci` refuses the lock.
 * To move to another n8n: change package.json, delete the lock, then
 * `npm i --package-lock-only --ignore-scripts --legacy-peer-deps`.
 */
const PINNED = join(import.meta.dirname, 'pinned');
const MARKER = 'installed.json';
const PROGRESS_INTERVAL_MS = 10_000;
/** A run that installs touches its folder far more often than that. */
const ABANDONED_MS = 5 * 60_000;

export function cacheFolder(): string {
	const { ULTIMO_DEV_CACHE, XDG_CACHE_HOME } = process.env;
	if (ULTIMO_DEV_CACHE) return ULTIMO_DEV_CACHE;
	return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-ultimo');
}

async function describe(): Promise<N8nInstallation> {
	const { dependencies } = JSON.parse(await readFile(join(PINNED, 'package.json'), 'utf8'));
	const lock = await readFile(join(PINNED, 'package-lock.json'));
	const lockHash = createHash('sha256').update(lock).digest('hex').slice(0, 8);
	const name = [
		`n8n-${dependencies.n8n}`,
		`node-${dependencies.node}`,
		`${process.platform}-${process.arch}`,
		lockHash,
	].join('-');
	return at(join(cacheFolder(), name), dependencies.n8n, dependencies.node);
}

function at(folder: string, n8nVersion: string, nodeVersion: string): N8nInstallation {
	const modules = join(folder, 'node_modules');
	const bin = join(modules, '.bin');
	return {
		n8nVersion,
		nodeVersion,
		folder,
		bin,
		node: join(bin, 'node'),
		script: join(modules, 'n8n', 'bin', 'n8n'),
	};
}

const isComplete = ({ folder }: N8nInstallation) => existsSync(join(folder, MARKER));

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Left by a run that was killed; the number may since have become another process's, or this one's. */
async function isAbandoned(path: string, pid: number): Promise<boolean> {
	if (pid === process.pid || !isRunning(pid)) return true;
	// Renamed or removed meanwhile, it is nobody's.
	const touched = await stat(path).catch(() => undefined);
	return !touched || Date.now() - touched.mtimeMs > ABANDONED_MS;
}

/** Removes what killed runs left behind, and waits for a run that is installing right now. */
async function settleOtherRuns(installation: N8nInstallation, log: Log): Promise<void> {
	const prefix = `${installation.folder}.part-`;
	let told = false;
	while (!isComplete(installation)) {
		const names = await readdir(cacheFolder());
		const parts = names
			.map((name) => join(cacheFolder(), name))
			.filter((path) => path.startsWith(prefix));
		let others = 0;
		for (const path of parts) {
			const abandoned = await isAbandoned(path, Number(path.slice(prefix.length)));
			if (abandoned) await rm(path, { recursive: true, force: true, maxRetries: 3 });
			else others++;
		}
		if (others === 0) return;
		if (!told) log(`Waiting for another run, which is installing n8n in ${prefix}*`);
		told = true;
		await sleep(2_000);
	}
}

async function sizeOf(folder: string): Promise<string> {
	const { stdout } = await execa('du', ['-sk', folder], { reject: false });
	return `${Math.round(parseInt(stdout, 10) / 1024) || 0} MB`;
}

async function step(title: string, folder: string, log: Log, work: () => PromiseLike<unknown>) {
	const started = Date.now();
	const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
	log(title);
	const ticker = setInterval(() => {
		void utimes(folder, new Date(), new Date()).catch(() => {});
		void sizeOf(folder).then((size) => log(`  … ${title}: ${seconds()}, ${size} on disk`));
	}, PROGRESS_INTERVAL_MS);
	try {
		await work();
	} finally {
		clearInterval(ticker);
	}
	log(`  done in ${seconds()}`);
}

async function installInto(target: N8nInstallation, log: Log, cancelSignal: AbortSignal) {
	const { folder, bin, n8nVersion, nodeVersion } = target;
	await mkdir(folder, { recursive: true });
	for (const file of ['package.json', 'package-lock.json']) {
		await copyFile(join(PINNED, file), join(folder, file));
	}

	const env = { PATH: [bin, process.env.PATH].join(delimiter) };
	const npm = (args: string[]) =>
		execa('npm', [...args, '--prefix', folder], { cwd: folder, env, cancelSignal });
	// `npm run` hands its own ignore-scripts down by the environment; only a flag outranks that.
	const rebuild = (name: string) => npm(['rebuild', name, '--ignore-scripts=false']);

	await step(`Downloading n8n ${n8nVersion} (2.2 GB unpacked)`, folder, log, () =>
		npm(['ci', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund']),
	);
	await step(`Fetching Node ${nodeVersion}`, folder, log, () => rebuild('node'));
	await step("Building n8n's sqlite3 driver", folder, log, () => rebuild('sqlite3'));

	const { stdout } = await execa(target.node, [target.script, '--version'], { env });
	if (stdout.trim() !== n8nVersion)
		throw new Error(`n8n ${n8nVersion} was installed, but says it is ${stdout}`);
	await writeFile(join(folder, MARKER), JSON.stringify({ n8nVersion, nodeVersion }));
}

/**
 * The pinned n8n, from the cache folder if it is there, else installed from npm.
 * Under its final name the folder is always whole: it is put together under another one.
 */
export async function ensureN8n({
	log = console.log,
}: { log?: Log } = {}): Promise<N8nInstallation> {
	const installation = await describe();
	if (isComplete(installation)) return installation;

	await ensureBuildTools(log);
	await mkdir(cacheFolder(), { recursive: true });
	await settleOtherRuns(installation, log);
	if (isComplete(installation)) return installation;

	const part = `${installation.folder}.part-${process.pid}`;
	const discard = async () => await rm(part, { recursive: true, force: true, maxRetries: 3 });
	const abort = new AbortController();
	const unfinished = at(part, installation.n8nVersion, installation.nodeVersion);
	const installing = installInto(unfinished, log, abort.signal);
	const forget = onInterrupt(async () => {
		abort.abort();
		// npm would go on writing into a folder that is removed under it.
		await installing.catch(() => {});
		await discard();
	});
	try {
		await installing;
		await rename(part, installation.folder).catch((error: unknown) => {
			if (!isComplete(installation)) throw error;
		});
	} finally {
		forget();
		await discard();
	}
	log(`n8n ${installation.n8nVersion} is ready in ${installation.folder}`);
	return installation;
}
