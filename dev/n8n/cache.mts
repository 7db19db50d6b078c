import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { check, lock } from 'proper-lockfile';
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
/** A run that is killed keeps its lock no longer. */
const STALE_MS = 30_000;
const UNTIL_IT_IS_FREE = { forever: true, factor: 1, minTimeout: 2_000 };

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

async function sizeOf(folder: string): Promise<string> {
	const { stdout } = await execa('du', ['-sk', folder], { reject: false });
	return `${Math.round(parseInt(stdout, 10) / 1024) || 0} MB`;
}

async function step(title: string, folder: string, log: Log, work: () => PromiseLike<unknown>) {
	const started = Date.now();
	const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
	log(title);
	const ticker = setInterval(() => {
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
	// There is no such folder yet.
	const onFolder = { realpath: false, stale: STALE_MS };
	if (await check(folder, onFolder))
		pinned.log(`Waiting for another run, which installs ${folder}`);
	const unlock = await lock(folder, { ...onFolder, retries: UNTIL_IT_IS_FREE });
	try {
		if (!existsSync(folder)) await putTogether(folder, pinned, unlock);
	} finally {
		await unlock();
	}
	return folder;
}

async function putTogether(
	folder: string,
	pinned: Pinned,
	unlock: () => Promise<void>,
): Promise<void> {
	const part = `${folder}.part`;
	const discard = async () => await rm(part, { recursive: true, force: true, maxRetries: 3 });
	// Of a run that was killed.
	await discard();
	const abort = new AbortController();
	const installing = installInto(part, pinned, abort.signal);
	const forget = onInterrupt(async () => {
		abort.abort();
		// npm would go on writing into a folder that is removed under it.
		await installing.catch(() => {});
		await discard();
		await unlock();
	});
	try {
		await installing;
		await rename(part, folder);
	} finally {
		forget();
		await discard();
	}
}
