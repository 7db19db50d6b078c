import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from '../n8n/install.mts';

export const CHECKOUT = join(import.meta.dirname, '..', '..');

/** What the package's code and tests are made of; what else a test run needs is not of one release. */
const PACKAGE = ['package.json', 'index.js', 'dist', 'nodes', 'credentials', 'test', 'dev'];
/** Longer than any run takes. */
const OLD_MS = 60 * 60_000;

/** One release of n8n to test with: its engine, without its server, which does not install any more. */
export interface Release {
	n8nVersion: string;
	/** Below it is the `node_modules` with this release's n8n-core and n8n-workflow. */
	folder: string;
	/** A copy of the package inside `folder`, so that its imports find that `node_modules` first. */
	enter(): Promise<{ rootDir: string; leave(): Promise<void> }>;
}

/** The releases, oldest first: those of the folders `n8n-<version>` here, and the one we develop with. */
export async function releases(): Promise<Release[]> {
	const names = (await readdir(import.meta.dirname)).filter((name) => name.startsWith('n8n-'));
	const older = await Promise.all(names.map(async (name) => await describe(name)));
	const byVersion = new Intl.Collator('en', { numeric: true });
	older.sort((a, b) => byVersion.compare(a.n8nVersion, b.n8nVersion));
	return [...older, await newest()];
}

async function newest(): Promise<Release> {
	const pinned = join(CHECKOUT, 'dev', 'n8n', 'pinned', 'package.json');
	const { dependencies } = JSON.parse(await readFile(pinned, 'utf8'));
	return {
		n8nVersion: dependencies.n8n,
		folder: CHECKOUT,
		enter: async () => ({ rootDir: CHECKOUT, leave: async () => {} }),
	};
}

async function describe(name: string): Promise<Release> {
	const pinned = join(import.meta.dirname, name);
	const lock = await readFile(join(pinned, 'package-lock.json'));
	const hash = createHash('sha256').update(lock).digest('hex').slice(0, 8);
	const folder = join(cacheFolder(), `compat-${name}-${hash}`);
	return {
		n8nVersion: name.slice('n8n-'.length),
		folder,
		enter: async () => {
			await removeOld(cacheFolder(), `${basename(folder)}.part-`);
			if (!existsSync(folder)) await install(pinned, folder);
			await removeOld(folder, 'run-');
			const rootDir = await mkdtemp(join(folder, 'run-'));
			for (const part of PACKAGE) {
				await cp(join(CHECKOUT, part), join(rootDir, part), { recursive: true });
			}
			return { rootDir, leave: async () => await rm(rootDir, { recursive: true, force: true }) };
		},
	};
}

/** What killed runs left behind. */
async function removeOld(parent: string, prefix: string): Promise<void> {
	const names = existsSync(parent) ? await readdir(parent) : [];
	for (const name of names.filter((one) => one.startsWith(prefix))) {
		const path = join(parent, name);
		const made = await stat(path).catch(() => undefined);
		if (made && Date.now() - made.mtimeMs > OLD_MS)
			await rm(path, { recursive: true, force: true });
	}
}

/** Under its final name the folder is always whole. */
async function install(pinned: string, folder: string): Promise<void> {
	await mkdir(cacheFolder(), { recursive: true });
	const part = await mkdtemp(`${folder}.part-`);
	try {
		await cp(pinned, part, { recursive: true });
		const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
		await execa('npm', ['ci', ...flags, '--prefix', part], { cwd: part });
		await rename(part, folder).catch((error: unknown) => {
			// Another run was faster.
			if (!existsSync(folder)) throw error;
		});
	} finally {
		await rm(part, { recursive: true, force: true });
	}
}
