import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { readArguments, run } from '../cli.mts';
import { CHECKOUT } from '../pack.mts';
import { releases, type Release } from './releases.mts';

const USAGE = `npm run compat -- [version...]   run the tests with the engines of several releases of n8n
  The package must be built. Without versions: all that are pinned in dev/compat, and the newest.`;

const require = createRequire(import.meta.url);
/** Jest's own limits can't end a test that never gives back control. */
const TIMEOUT_MS = 15 * 60_000;
/** Modules of which there must be no copy but the release's own. */
const OF_N8N = /^(n8n-core|n8n-workflow|@n8n\/[^/]+)$/;

interface Outcome {
	n8n: string;
	'n8n-core': string;
	'n8n-workflow': string;
	files: number;
	passed: number;
	failed: number;
	seconds: number;
}

interface JestReport {
	numPassedTests: number;
	numFailedTests: number;
	numFailedTestSuites: number;
	numTotalTestSuites: number;
	testResults: Array<{
		name: string;
		message: string;
		assertionResults: Array<{ status: string; fullName: string; failureMessages: string[] }>;
	}>;
}

async function jestConfig(rootDir: string) {
	const file = pathToFileURL(join(CHECKOUT, 'test', 'jest.config.mjs')).href;
	const { default: config } = await import(file);
	const [[pattern, [transformer, options]]] = Object.entries<[string, object]>(config.transform);
	return {
		...config,
		rootDir,
		transform: { [pattern]: [require.resolve(transformer), options] },
		// Where the tests' own tools are; asked only for what the release does not have.
		modulePaths: [join(CHECKOUT, 'node_modules')],
		setupFilesAfterEnv: [join(import.meta.dirname, 'loaded.mts')],
	};
}

/** The versions of n8n's modules that the tests have loaded. @throws Error when one is a stranger */
async function loadedVersions({ folder }: Release, list: string): Promise<Map<string, string>> {
	const own = join(folder, 'node_modules') + sep;
	const versions = new Map<string, string>();
	for (const path of new Set((await readFile(list, 'utf8')).split('\n'))) {
		const [, root, name] =
			/^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/.exec(path) ?? [];
		if (!root || !OF_N8N.test(name) || versions.has(name)) continue;
		if (!path.startsWith(own)) throw new Error(`The tests loaded ${path}, not of ${folder}`);
		versions.set(name, JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version);
	}
	if (!versions.has('n8n-core')) throw new Error('The tests did not load n8n-core');
	return versions;
}

/** Each error once, with the tests that met it: an older n8n often breaks all for one reason. */
function printFailures({ testResults }: JestReport) {
	const tests = new Map<string, string[]>();
	const add = (message: string, test: string) =>
		tests.set(message, [...(tests.get(message) ?? []), test]);
	for (const { name, message, assertionResults } of testResults) {
		if (assertionResults.length === 0) add(message, name);
		for (const { status, fullName, failureMessages } of assertionResults) {
			if (status === 'failed') add(failureMessages.join('\n').split(/\n\s+at /)[0], fullName);
		}
	}
	for (const [message, names] of tests) {
		console.log(`  ${stripVTControlCharacters(message).replaceAll('\n', '\n  ')}`);
		for (const name of names) console.log(`    failed: ${name}`);
	}
}

async function test(release: Release): Promise<Outcome> {
	const temp = await mkdtemp(join(tmpdir(), 'n8n-nodes-ultimo-compat-'));
	const { rootDir, leave } = await release.enter();
	const started = Date.now();
	try {
		const [list, out] = [join(temp, 'loaded'), join(temp, 'report.json')];
		const config = JSON.stringify(await jestConfig(rootDir));
		const args = ['--config', config, '--json', '--outputFile', out, '--silent', '--forceExit'];
		// The tests that run n8n's engine; the others would say the same with any release.
		args.push('--findRelatedTests', join(rootDir, 'test', 'support', 'n8n.mts'));
		const jest = await execa(process.execPath, [require.resolve('jest/bin/jest'), ...args], {
			cwd: rootDir,
			env: { COMPAT_LOADED: list },
			reject: false,
			timeout: TIMEOUT_MS,
		});
		const text = await readFile(out, 'utf8').catch(() => {
			throw new Error(`Jest gave no report:\n${jest.shortMessage}\n${jest.stderr}`);
		});
		const report: JestReport = JSON.parse(text);
		printFailures(report);
		const versions = await loadedVersions(release, list);
		const broken = report.testResults.filter(
			({ assertionResults }) => assertionResults.length === 0,
		);
		return {
			n8n: release.n8nVersion,
			'n8n-core': versions.get('n8n-core') as string,
			'n8n-workflow': versions.get('n8n-workflow') as string,
			files: report.numTotalTestSuites,
			passed: report.numPassedTests,
			failed: report.numFailedTests + broken.length,
			seconds: Math.round((Date.now() - started) / 1000),
		};
	} finally {
		await leave();
		await rm(temp, { recursive: true });
	}
}

async function main() {
	const { positionals } = readArguments(USAGE, {}, true);
	const known = await releases();
	const asked = known.filter(
		({ n8nVersion }) => positionals.length === 0 || positionals.includes(n8nVersion),
	);
	if (asked.length < positionals.length) {
		throw new Error(`Known are ${known.map(({ n8nVersion }) => n8nVersion).join(', ')}`);
	}
	const outcomes: Outcome[] = [];
	for (const release of asked) {
		console.log(`n8n ${release.n8nVersion}: ${release.folder}`);
		outcomes.push(await test(release));
	}
	console.table(outcomes);
	if (outcomes.some(({ passed, failed }) => failed > 0 || passed === 0)) process.exitCode = 1;
}

await run(main);
