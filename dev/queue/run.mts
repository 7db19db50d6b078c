import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readArguments, run, say, secondsSoFar } from '../cli.mts';
import { ensureN8n } from '../n8n/install.mts';
import { CHECKOUT, withTarball } from '../pack.mts';
import { startCluster, type Cluster } from './cluster.mts';
import { redisRestarted } from './runs/redisGone.mts';
import { toMarkdown, type Row } from './runs/row.mts';
import { manySmall } from './runs/manySmall.mts';
import { killed, terminated } from './runs/stopped.mts';
import { triggerOnMain, type Told } from './runs/trigger.mts';

/** Runs b, c, d and f share their waits, so they go by the name b. */
const RUNS = ['b', 'e', 'g'];
const USAGE = `npm run e2e:queue -- [run...]   a real n8n in queue mode, parts of which are killed
  Runs are ${RUNS.join(', ')}; without any all, and docs/queue-results.md is written`;
/** Whatever waits for what never comes, waits no longer. */
const LIMIT_MS = 12 * 60_000;
const RESULTS = join(CHECKOUT, 'docs', 'queue-results.md');
/** The last worker may take less time to stop than a run needs. */
const WORKERS: Array<Record<string, string>> = [{}, {}, { N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10' }];

/** `back` resolves when the work calls what it is given, `rows` when it is done. */
function inTheBackground(work: (back: () => void) => Promise<Row[]>) {
	let rows!: Promise<Row[]>;
	const back = new Promise<void>((resolve, reject) => {
		rows = work(resolve);
		rows.catch(reject);
	});
	return { back, rows };
}

async function stops(cluster: Cluster): Promise<Row[]> {
	const { workers } = cluster;
	// n8n takes one to two minutes to notice that a worker is gone; the other runs don't wait for it.
	say('c. A worker is killed in the middle of a list');
	const afterKill = inTheBackground(async (back) => await killed(cluster, back));
	await afterKill.back;
	say('d. Workers are told to stop in the middle of a list');
	const hurried = workers[workers.length - 1];
	const afterTerm = inTheBackground(async (back) => await terminated(cluster, hurried, back));
	await afterTerm.back;
	say('b. 200 small calls, while n8n notices what became of c and d, which are then repeated (f)');
	const small = await manySmall(cluster);
	return [small, ...(await afterKill.rows), ...(await afterTerm.rows)];
}

/** Of cancellations a table, of events a sentence. */
interface Outcome {
	rows: Row[];
	told: Told[];
}

async function carryOut(cluster: Cluster, wanted: Set<string>): Promise<Outcome> {
	const rows: Row[] = [];
	const told: Told[] = [];
	if (wanted.has('g')) {
		say('g. Main is killed while a trigger polls');
		told.push(await triggerOnMain(cluster));
	}
	if (wanted.has('b')) rows.push(...(await stops(cluster)));
	if (wanted.has('e')) {
		say('e. Redis is restarted, then restarted without its data');
		for (const persistent of [true, false]) rows.push(await redisRestarted(cluster, persistent));
	}
	return { rows: rows.sort((one, other) => one.run.localeCompare(other.run)), told };
}

async function tooLate(): Promise<never> {
	await sleep(LIMIT_MS, undefined, { ref: false });
	throw new Error(`The runs did not end within ${LIMIT_MS / 60_000} minutes`);
}

function report({ rows, told }: Outcome, n8nVersion: string): string {
	return `# n8n's queue mode, measured

By \`npm run e2e:queue\` on ${new Date().toISOString().slice(0, 10)}: n8n ${n8nVersion}, PostgreSQL 17, Redis, one main and
${WORKERS.length} workers with 10 places each on one machine of two cores; ${secondsSoFar().toFixed(0)} s in all. Each run has a
company of its own, whose Ultimo takes 100 requests per 10 seconds.

${toMarkdown(rows)}

${told.map(({ text, broken }) => [`${text}.`, ...broken.map((why) => `BROKEN: ${why}.`)].join(' ')).join('\n')}

*Cancelled*: as the local Ultimo's ledger has it. *True* and *false items*: what n8n's executions say
of a reservation, held against that ledger. *Without item*: n8n says nothing of it. *Seconds*: from the
first request to the last cancellation; *bound*: the least that the quota allows.
`;
}

async function main() {
	const { positionals: asked } = readArguments(USAGE, {}, true);
	const wanted = new Set(asked.length > 0 ? asked : RUNS);
	const { n8nVersion } = await ensureN8n({ log: say });
	say(`Starting n8n ${n8nVersion} in queue mode`);
	const cluster = await withTarball(
		async ({ path }) => await startCluster({ tarball: path, log: say, workers: WORKERS }),
	);
	try {
		const outcome = await Promise.race([carryOut(cluster, wanted), tooLate()]);
		const text = report(outcome, n8nVersion);
		console.log(`\n${text}`);
		const all = [...outcome.rows, ...outcome.told];
		const failed = all.filter(({ broken }) => broken.length > 0).length;
		if (asked.length === 0 && failed === 0 && !process.env.CI) await writeFile(RESULTS, text);
		console.log(`${all.length - failed} passed, ${failed} failed`);
		if (failed > 0) process.exitCode = 1;
	} catch (error) {
		console.error(cluster.logs().split('\n').slice(-80).join('\n'));
		throw error;
	} finally {
		await cluster.stop();
	}
}

await run(main);
