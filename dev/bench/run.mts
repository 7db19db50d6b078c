import { writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { startBed, type Bed } from '../bed.mts';
import { readArguments, run, say, secondsSoFar } from '../cli.mts';
import type { Log } from '../n8n/cache.mts';
import { ensureN8n } from '../n8n/install.mts';
import { createPackedN8n } from '../pack.mts';
import { markdown } from '../markdown.mts';
import { goalRows, isMet, type Section } from './figures.mts';
import { memory10000 } from './memory10000.mts';
import { gateways } from './gateways.mts';
import { loading } from './loading.mts';
import { picker } from './picker.mts';
import { processes } from './processes.mts';
import { quota250 } from './quota250.mts';
import { unlimited1000 } from './unlimited1000.mts';
import { zoo } from './zoo.mts';

const USAGE = `npm run bench -- [options]   measure this package against n8n's HTTP Request node
  --only NAME   loading, processes, gateways, zoo, memory10000, unlimited1000, quota250 or
                picker; may be repeated. Without it all run, in about 17 minutes, and
                dev/bench/RESULTS.md is written
  --rounds N    rounds of each scenario, in place of its own number`;

const RESULTS = join(import.meta.dirname, 'RESULTS.md');

type Scenario = (bed: Bed, rounds: number, log: Log) => Promise<Section>;
const onServer = new Map<string, { scenario: Scenario; rounds: number }>([
	// First, because it warms the server up for the others.
	['unlimited1000', { scenario: unlimited1000, rounds: 5 }],
	['quota250', { scenario: quota250, rounds: 2 }],
	['picker', { scenario: picker, rounds: 5 }],
]);
/** Before the server is there, which would take part of the processor and n8n's port. */
const withoutServer = new Map([
	['loading', { scenario: loading, rounds: 15 }],
	['processes', { scenario: processes, rounds: 2 }],
	['gateways', { scenario: gateways, rounds: 3 }],
	['zoo', { scenario: zoo, rounds: 15 }],
	['memory10000', { scenario: memory10000, rounds: 2 }],
]);

async function report(sections: Section[]): Promise<string> {
	const { n8nVersion, nodeVersion } = await ensureN8n();
	const goals = sections.flatMap((section) => section.goals);
	return `# What \`npm run bench\` measured

${new Date().toISOString().slice(0, 10)}, n8n ${n8nVersion} on Node ${nodeVersion}, ${process.platform}-${process.arch}, ${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB; load ${loadavg()[0].toFixed(1)} at the end, ${Math.round(secondsSoFar())} s in all.

A real n8n, this package's node and n8n's HTTP Request node with the same credential against the
same local Ultimo, by turns in the same server (memory: each in its own). "Node, s" is n8n's own figure for the one node
(executionTime). Figures are medians, with the lowest and highest run.

## Goals

${markdown(goalRows(goals))}

${sections.map(({ title, text }) => `## ${title}\n\n${text}`).join('\n\n')}
`;
}

async function main() {
	const { values } = readArguments(USAGE, {
		only: { type: 'string', multiple: true },
		rounds: { type: 'string' },
	});
	const names = [...withoutServer.keys(), ...onServer.keys()];
	const wanted = values.only ?? names;
	const unknown = wanted.find((name) => !names.includes(name));
	if (unknown) throw new Error(`There is no scenario ${unknown}.\n${USAGE}`);
	const roundsOr = (own: number) => (values.rounds ? Number(values.rounds) : own);

	const collect = `--require ${join(import.meta.dirname, 'collect.cjs')}`;
	const n8n = await createPackedN8n({ log: say, env: { NODE_OPTIONS: collect } });
	const sections: Section[] = [];
	try {
		for (const [name, { scenario, rounds }] of withoutServer)
			if (wanted.includes(name)) sections.push(await scenario(n8n, roundsOr(rounds), say));
		const chosen = [...onServer].filter(([name]) => wanted.includes(name));
		if (chosen.length > 0) {
			say("Starting n8n's server");
			const bed = await startBed(n8n);
			try {
				for (const [, { scenario, rounds }] of chosen)
					sections.push(await scenario(bed, roundsOr(rounds), say));
			} finally {
				await bed.stop();
			}
		}
	} finally {
		await n8n.stop();
	}
	const text = await report(sections);
	console.log(`\n${text}`);
	if (!values.only) await writeFile(RESULTS, text);
	const missed = sections.flatMap(({ goals }) => goals).filter((goal) => !isMet(goal));
	console.log(missed.length === 0 ? 'All goals are met.' : `${missed.length} goals are missed.`);
	if (missed.length > 0) process.exitCode = 1;
}

await run(main);
