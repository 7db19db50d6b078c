import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onInterrupt } from './cleanup.mts';

export type Log = (line: string) => void;

/** What is installed from a `package.json` and its lock in this repository, and kept for all runs. */
export interface Pinned {
	/** The folder with the two files. */
	from: string;
	/** Of the folder in the cache; the lock's hash is added. */
	name: string;
	title: string;
	/** For npm, beside those that all have. */
	flags?: string[];
	/** What npm does not do, in the folder that is not yet whole. */
	finish?(folder: string, npm: Npm): Promise<unknown>;
	log: Log;
}

type Npm = (args: string[], title: string) => Promise<unknown>;

const PROGRESS_INTERVAL_MS = 10_000;
/** A run that installs touches its folder far more often than that. */
const ABANDONED_MS = 5 * 60_000;

export function cacheFolder(): string {
	const { ULTIMO_DEV_CACHE, XDG_CACHE_HOME } = process.env;
	if (ULTIMO_DEV_CACHE) return ULTIMO_DEV_CACHE;
	return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-ultimo');
}

/** Where it is once it is installed. */
export async function pinnedFolder({ from, name }: Pick<Pinned, 'from' | 'name'>): Promise<string> {
	const lock = await readFile(join(from, 'package-lock.json'));
	const hash = createHash('sha256').update(lock).digest('hex').slice(0, 8);
	return join(cacheFolder(), `${name}-${hash}`);
}

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
async function settleOtherRuns(folder: string, log: Log): Promise<void> {
	const prefix = `${folder}.part-`;
	let told = false;
	while (!existsSync(folder)) {
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
		if (!told) log(`Waiting for another run, which is installing in ${prefix}*`);
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

async function installInto(part: string, pinned: Pinned, cancelSignal: AbortSignal) {
	const { from, title, flags = [], finish, log } = pinned;
	await mkdir(part, { recursive: true });
	for (const file of ['package.json', 'package-lock.json'])
		await copyFile(join(from, file), join(part, file));

	// A Node that is installed first runs what is installed after it.
	const env = { PATH: [join(part, 'node_modules', '.bin'), process.env.PATH].join(delimiter) };
	const npm: Npm = async (args, what) =>
		await step(what, part, log, () =>
			execa('npm', [...args, '--prefix', part], { cwd: part, env, cancelSignal }),
		);
	await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...flags], title);
	await finish?.(part, npm);
}

/**
 * Its folder, from the cache if it is there, else installed from npm. Under its final name the folder
 * is always whole: it is put together under another one.
 */
export async function ensurePinned(pinned: Pinned): Promise<string> {
	const folder = await pinnedFolder(pinned);
	if (existsSync(folder)) return folder;
	await mkdir(cacheFolder(), { recursive: true });
	await settleOtherRuns(folder, pinned.log);
	if (existsSync(folder)) return folder;

	const part = `${folder}.part-${process.pid}`;
	const discard = async () => await rm(part, { recursive: true, force: true, maxRetries: 3 });
	const abort = new AbortController();
	const installing = installInto(part, pinned, abort.signal);
	const forget = onInterrupt(async () => {
		abort.abort();
		// npm would go on writing into a folder that is removed under it.
		await installing.catch(() => {});
		await discard();
	});
	try {
		await installing;
		await rename(part, folder).catch((error: unknown) => {
			// Another run was faster.
			if (!existsSync(folder)) throw error;
		});
	} finally {
		forget();
		await discard();
	}
	return folder;
}
