import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePinned, pinnedFolder } from '../n8n/cache.mts';
import { CHECKOUT } from '../pack.mts';

/** What the package's code and tests are made of; what else a test run needs is not of one release. */
const PACKAGE = ['package.json', 'index.js', 'dist', 'nodes', 'credentials', 'test', 'dev'];
/** What the copies of the package are called. */
const RUN = 'run-';
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
	const n8nVersion = name.slice('n8n-'.length);
	const pinned = { from: join(import.meta.dirname, name), name: `compat-${name}` };
	const title = `Downloading the engine of n8n ${n8nVersion}`;
	return {
		n8nVersion,
		folder: await pinnedFolder(pinned),
		enter: async () => {
			const folder = await ensurePinned({ ...pinned, title, log: console.log });
			await removeOld(folder);
			const rootDir = await mkdtemp(join(folder, RUN));
			for (const part of PACKAGE)
				await cp(join(CHECKOUT, part), join(rootDir, part), { recursive: true });
			return { rootDir, leave: async () => await rm(rootDir, { recursive: true, force: true }) };
		},
	};
}

/** What killed runs left behind. */
async function removeOld(folder: string): Promise<void> {
	const names = await readdir(folder);
	for (const name of names.filter((one) => one.startsWith(RUN))) {
		const path = join(folder, name);
		const made = await stat(path).catch(() => undefined);
		if (made && Date.now() - made.mtimeMs > OLD_MS)
			await rm(path, { recursive: true, force: true });
	}
}
