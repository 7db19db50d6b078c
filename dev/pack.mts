import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const CHECKOUT = join(import.meta.dirname, '..');

export interface PackedTarball {
	/** In a new temp folder of its own, which is the caller's to remove. */
	path: string;
	files: Array<{ path: string; size: number }>;
	/** bytes */
	unpackedSize: number;
}

/** Builds the package and packs what `npm publish` would upload. */
export async function packTarball(): Promise<PackedTarball> {
	const build = await execa('npm', ['run', 'build'], { cwd: CHECKOUT, all: true, reject: false });
	if (build.failed) throw new Error(`The build failed:\n${build.all}`);

	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-ultimo-pack-'));
	const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], {
		cwd: CHECKOUT,
	});
	const [{ filename, files, unpackedSize }] = JSON.parse(stdout);
	return { path: join(folder, filename), files, unpackedSize };
}
