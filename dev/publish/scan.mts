import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { readArguments, run } from '../cli.mts';
import { CHECKOUT, withTarball } from '../pack.mts';
import { contents } from './contents.mts';
import { findingsOf, report, type Check } from './findings.mts';
import { n8nGate } from './gate.mts';
import { violations } from './violations.mts';

const USAGE = `npm run scan -- [options]   run what n8n and npm check of a package, on the packed tarball
  --self-test   plant violations in copies of it, and check that each of them is found`;

async function npmConventions(pkgDir: string): Promise<Check> {
	const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
	const findings = messages.map((message) => ({
		level: message.type === 'error' ? ('error' as const) : ('warning' as const),
		text: formatMessage(message, pkg, { color: false }) ?? message.code,
	}));
	return { title: 'publint', looked: 1, findings };
}

async function scan(unpacked: string): Promise<Check[]> {
	return [
		...(await n8nGate(CHECKOUT, unpacked)),
		await npmConventions(unpacked),
		...(await contents(CHECKOUT, unpacked)),
	];
}

/** @returns whether every planted violation was found */
async function selfTest(unpacked: string, temp: string): Promise<boolean> {
	let missed = 0;
	for (const [index, { what, plant, found }] of violations.entries()) {
		// A folder around each copy, for the modules that are put beside it.
		const copy = join(temp, `violation-${index}`, 'package');
		await cp(unpacked, copy, { recursive: true });
		await plant(copy);
		const findings = (await scan(copy)).flatMap(findingsOf);
		const by = findings.find(({ text }) => found.test(text));
		if (!by) missed++;
		console.log(
			`  ${by ? 'found ' : 'MISSED'} ${what}${by ? `: ${by.text.trim().split('\n')[0]}` : ''}`,
		);
	}
	console.log(
		`${violations.length - missed} of ${violations.length} planted violations were found`,
	);
	return missed === 0;
}

async function main() {
	const { values } = readArguments(USAGE, { 'self-test': { type: 'boolean', default: false } });
	const temp = await mkdtemp(join(tmpdir(), 'n8n-nodes-ultimo-scan-'));
	const unpacked = join(temp, 'package');
	try {
		await mkdir(unpacked);
		await withTarball(async ({ path, files }) => {
			await execa('tar', ['-xzf', path, '-C', unpacked, '--strip-components=1']);
			console.log(`${basename(path)}: ${files.length} files`);
		});
		const good = report(await scan(unpacked), console.log);
		const proven = !values['self-test'] || (await selfTest(unpacked, temp));
		if (!good || !proven) process.exitCode = 1;
	} finally {
		await rm(temp, { recursive: true });
	}
}

await run(main);
