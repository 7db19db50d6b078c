import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { createN8n, type N8n, type N8nOptions } from './n8n/instance.mts';

export const CHECKOUT = join(import.meta.dirname, '..');

export interface PackedTarball {
	path: string;
	files: Array<{ path: string; size: number }>;
	/** bytes */
	unpackedSize: number;
}

/** Builds the package and packs what `npm publish` would upload, for as long as `work` takes. */
export async function withTarball<T>(work: (tarball: PackedTarball) => Promise<T>): Promise<T> {
	const build = await execa('npm', ['run', 'build'], { cwd: CHECKOUT, all: true, reject: false });
	if (build.failed) throw new Error(`The build failed:\n${build.all}`);

	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-ultimo-pack-'));
	try {
		const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], {
			cwd: CHECKOUT,
		});
		const [{ filename, files, unpackedSize }] = JSON.parse(stdout);
		return await work({ path: join(folder, filename), files, unpackedSize });
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** A new n8n in which this package is installed as a user does it. */
export async function createPackedN8n(options: Omit<N8nOptions, 'tarball'>): Promise<N8n> {
	const { log = console.log } = options;
	log('Building and packing this package, and installing it in a new n8n');
	return await withTarball(async ({ path, files, unpackedSize }) => {
		log(`  ${files.length} files, ${Math.round(unpackedSize / 1000)} kB`);
		return await createN8n({ ...options, tarball: path });
	});
}
