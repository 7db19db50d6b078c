import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCommands } from './apt.mts';
import { ensurePinned, pinnedFolder, type Log } from './cache.mts';

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
const BUILD_TOOLS = ['python3', 'make', 'g++'];

/** The versions that are pinned. */
async function versions(): Promise<{ n8n: string; node: string }> {
	return JSON.parse(await readFile(join(PINNED, 'package.json'), 'utf8')).dependencies;
}

function at(folder: string) {
	const modules = join(folder, 'node_modules');
	const bin = join(modules, '.bin');
	return { folder, bin, node: join(bin, 'node'), script: join(modules, 'n8n', 'bin', 'n8n') };
}

/** The pinned n8n, from the cache if it is there, else installed from npm. */
export async function ensureN8n({
	log = console.log,
}: { log?: Log } = {}): Promise<N8nInstallation> {
	const { n8n, node } = await versions();
	const name = `n8n-${n8n}-node-${node}-${process.platform}-${process.arch}`;
	// Asked for before the long download, not after it.
	if (!existsSync(await pinnedFolder({ from: PINNED, name })))
		await ensureCommands(BUILD_TOOLS, "n8n's sqlite3 driver may have to be compiled", log);
	const folder = await ensurePinned({
		from: PINNED,
		name,
		title: `Downloading n8n ${n8n} (2.2 GB unpacked)`,
		flags: ['--legacy-peer-deps'],
		async finish(part, npm) {
			// `npm run` hands its own ignore-scripts down by the environment; only a flag outranks that.
			await npm(['rebuild', 'node', '--ignore-scripts=false'], `Fetching Node ${node}`);
			await npm(['rebuild', 'sqlite3', '--ignore-scripts=false'], "Building n8n's sqlite3 driver");
			const unfinished = at(part);
			const { stdout } = await execa(unfinished.node, [unfinished.script, '--version']);
			if (stdout.trim() !== n8n)
				throw new Error(`n8n ${n8n} was installed, but says it is ${stdout}`);
		},
		log,
	});
	return { n8nVersion: n8n, nodeVersion: node, ...at(folder) };
}
