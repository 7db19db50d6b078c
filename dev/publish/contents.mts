import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { execa } from 'execa';
import { error, type Check, type Finding } from './findings.mts';

const PUBLISHED = /^(dist\/.+|index\.js|package\.json|README\.md|CHANGELOG\.md|LICENSE\.md)$/;
const REQUIRED = ['index.js', 'README.md', 'CHANGELOG.md', 'LICENSE.md'];
const TESTS = /(^|\/)(tests?|__tests__|__mocks__|dev|examples)\/|\.(test|spec)\.[^/]+$/;
const MAX_PACKED_BYTES = 100_000;
const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
/** A user's npm would have to fetch or run these; or, as `overrides`, n8n refuses them. */
const FORBIDDEN_FIELDS = [
	'dependencies',
	'optionalDependencies',
	'bundleDependencies',
	'bundledDependencies',
	'overrides',
	'resolutions',
];
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];
/** The modules that n8n puts within reach of a community package. */
const GIVEN_BY_N8N = ['n8n-workflow', 'luxon'];

interface Manifest {
	name: string;
	main: string;
	peerDependencies: object;
	scripts: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
	[field: string]: unknown;
}

type Icons = { light: string; dark: string };
interface Shown {
	icon?: Icons;
	description?: { name: string; icon: Icons };
}

/** What must be true of the unpacked tarball beyond n8n's rules. */
export async function contents(checkout: string, unpacked: string): Promise<Check[]> {
	const manifest: Manifest = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
	return [
		checkManifest(manifest),
		await checkFiles(unpacked),
		await checkLoading(checkout, unpacked, manifest),
	];
}

function checkManifest({ peerDependencies, scripts, ...fields }: Manifest): Check {
	const findings: Finding[] = [];
	if (!isDeepStrictEqual(peerDependencies, { 'n8n-workflow': '*' })) {
		findings.push(error(`peerDependencies: ${JSON.stringify(peerDependencies)}`));
	}
	for (const field of FORBIDDEN_FIELDS) {
		if (fields[field] !== undefined) findings.push(error(`package.json has ${field}`));
	}
	for (const script of INSTALL_SCRIPTS) {
		if (scripts?.[script]) findings.push(error(`package.json has a script ${script}`));
	}
	const looked = 1 + FORBIDDEN_FIELDS.length + INSTALL_SCRIPTS.length;
	return { title: 'What package.json asks of npm', looked, findings };
}

async function checkFiles(unpacked: string): Promise<Check> {
	const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => !entry.isDirectory())
		.map((entry) => relative(unpacked, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
	const findings: Finding[] = REQUIRED.filter((path) => !paths.includes(path)).map((path) =>
		error(`${path} is missing`),
	);
	let bytes = 0;
	for (const path of paths) {
		if (!PUBLISHED.test(path)) findings.push(error(`${path} is not for publishing`));
		if (TESTS.test(path)) findings.push(error(`${path} is a test or a tool`));
		const file = join(unpacked, path);
		const { size } = await stat(file);
		bytes += size;
		if (size === 0) findings.push(error(`${path} is empty`));
		const [, map] = /\.js$/.test(path)
			? (/^\/\/# sourceMappingURL=(.+)$/m.exec(await readFile(file, 'utf8')) ?? [])
			: [];
		if (map && !existsSync(join(dirname(file), map))) {
			findings.push(error(`${path} names a source map that is not there: ${map}`));
		}
	}
	const { stdout } = await execa('tar', ['-cz', '-C', unpacked, '.'], { encoding: 'buffer' });
	if (stdout.length > MAX_PACKED_BYTES)
		findings.push(error(`${stdout.length} bytes packed, over ${MAX_PACKED_BYTES}`));
	return {
		title: `Files, ${kB(stdout.length)} packed, ${kB(bytes)} unpacked`,
		looked: paths.length,
		findings,
	};
}

/** Loads it where it finds only what n8n gives, so that a forgotten file or dependency shows. */
async function checkLoading(
	checkout: string,
	unpacked: string,
	{ name, main, n8n }: Manifest,
): Promise<Check> {
	const modules = join(dirname(unpacked), 'node_modules');
	await mkdir(modules, { recursive: true });
	for (const given of GIVEN_BY_N8N) {
		const link = join(modules, given);
		if (!existsSync(link)) await symlink(join(checkout, 'node_modules', given), link, 'junction');
	}

	const require = createRequire(join(unpacked, 'package.json'));
	const findings: Finding[] = [];
	const attempt = (path: string, check: (exported: Record<string, unknown>) => void) => {
		try {
			check(require(join(unpacked, path)));
		} catch (thrown) {
			findings.push(error(`${path}: ${(thrown as Error).message.split('\n')[0]}`));
		}
	};
	const classes = [...n8n.nodes, ...n8n.credentials];
	attempt(main, (exported) => {
		if (Object.keys(exported).length !== classes.length) {
			throw new Error(`it exports ${Object.keys(exported).join(', ')}`);
		}
	});
	for (const path of classes) {
		attempt(path, (exported) => {
			const className = path.replace(/^.*\/([^.]+)\..*$/, '$1');
			const shown = new (exported[className] as new () => Shown)();
			const { light, dark } = (shown.description ?? shown).icon as Icons;
			for (const icon of [light, dark]) {
				const file = join(dirname(path), icon.replace('file:', ''));
				if (!existsSync(join(unpacked, file))) throw new Error(`no icon ${file}`);
			}
			if (!shown.description) return;
			const codex = require(join(unpacked, path.replace(/\.js$/, '.json')));
			if (codex.node !== `${name}.${shown.description.name}`) {
				throw new Error(`its codex file is about ${codex.node}`);
			}
		});
	}
	// The rest too, which the first run would load.
	const files = await readdir(join(unpacked, 'dist'), { recursive: true });
	const code = files.filter((file) => file.endsWith('.js'));
	for (const file of code) attempt(join('dist', file), () => {});
	return { title: 'Loading, icons and codex', looked: code.length + 1, findings };
}
