import { createRequire } from 'node:module';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
// @ts-expect-error n8n ships it without types.
import * as scanner from '@n8n/scan-community-package/scanner/scanner.mjs';
import { ESLint, type Linter } from 'eslint';
import { error, type Check } from './findings.mts';

const require = createRequire(import.meta.url);
const scannerVersion: string = require('@n8n/scan-community-package/package.json').version;

/** What the scanner lints of a published tarball; it exports only the patterns for the sources. */
const PUBLISHED_FILES = ['**/*.js', 'package.json'];

/**
 * What n8n runs before it verifies a package (`analyzePackageByName` of its scanner), but for the
 * download and the look for npm's provenance: the rules over the sources that the provenance names
 * and over the tarball, where `eslint-disable` has no effect. Unlike there, warnings count.
 */
export async function n8nGate(checkout: string, unpacked: string): Promise<Check[]> {
	const ofScanner: Linter.Config[] = await scanner.buildScanConfig();
	const parsers = ofScanner.filter(({ languageOptions }) => languageOptions);
	const newest = [n8nCommunityNodesPlugin.configs.recommended as Linter.Config, ...parsers];
	const scan = `n8n's scanner ${scannerVersion}`;
	const rules = `n8n's rules ${n8nCommunityNodesPlugin.meta?.version}`;
	return [
		await lint(`${scan}, sources`, checkout, scanner.SOURCE_FILE_PATTERNS, ofScanner),
		await lint(`${scan}, tarball`, unpacked, PUBLISHED_FILES, ofScanner),
		await verdict(`${scan}, its own verdict on the tarball`, unpacked),
		await lint(`${rules}, tarball`, unpacked, PUBLISHED_FILES, newest),
	];
}

async function lint(
	title: string,
	cwd: string,
	patterns: string[],
	overrideConfig: Linter.Config[],
): Promise<Check> {
	const strict = { allowInlineConfig: false, overrideConfigFile: true, overrideConfig } as const;
	const results = await new ESLint({ cwd, ...strict }).lintFiles(patterns);
	const findings = results.flatMap(({ filePath, messages }) =>
		messages.map(({ severity, ruleId, message, line }) => ({
			level: severity === 2 ? ('error' as const) : ('warning' as const),
			text: `${filePath.slice(cwd.length + 1)}:${line} ${message} (${ruleId})`,
		})),
	);
	return { title, looked: results.length, findings };
}

/** Guards against a scanner that one day looks at more than `lint` does. */
async function verdict(title: string, folder: string): Promise<Check> {
	const { passed, message, details } = await scanner.analyzePackage(folder, PUBLISHED_FILES);
	return { title, looked: 1, findings: passed ? [] : [error(details ?? message)] };
}
