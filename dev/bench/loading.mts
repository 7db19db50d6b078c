import { execa } from 'execa';
import { join } from 'node:path';
import type { Log } from '../n8n/cache.mts';
import { ensureN8n } from '../n8n/install.mts';
import { PACKAGE_FOLDER, type N8n } from '../n8n/instance.mts';
import { markdown } from '../markdown.mts';
import { median, spread, type Section } from './figures.mts';

const GOAL_MS = 30;
/**
 * As n8n does when it starts, with its engine there already, and its logger, which each command of
 * n8n makes before it loads any nodes and which the first loader would make here: 10 ms that an empty
 * package would take as well. The processor's time, since the clock also counts what else the machine does.
 */
const LOAD = `
	const { PackageDirectoryLoader } = require('n8n-core');
	require('n8n-workflow');
	require('@n8n/di').Container.get(require('@n8n/backend-common').Logger);
	const before = process.cpuUsage();
	new PackageDirectoryLoader(process.argv[1]).loadAll().then(() => {
		const { user, system } = process.cpuUsage(before);
		console.log((user + system) / 1000);
	});
`;

/** What the package adds to the start of each of n8n's processes: reading its files and describing itself. */
export async function loading(n8n: N8n, rounds: number, log: Log): Promise<Section> {
	const { node, folder } = await ensureN8n();
	log(`Loading the package in ${rounds} new processes`);
	const times: number[] = [];
	for (let round = 1; round <= rounds; round++) {
		const { stdout } = await execa(node, ['-e', LOAD, join(n8n.userFolder, PACKAGE_FOLDER)], {
			// n8n's engine, not the one that this package is tested with.
			cwd: folder,
			env: { NODE_PATH: join(folder, 'node_modules') },
		});
		times.push(Number(stdout.trim().split('\n').at(-1)));
	}
	return {
		title: 'Loading the package',
		text: markdown([{ Processes: rounds, 'Processor, ms': spread(times) }]),
		goals: [
			{ what: 'Loading the package, median', value: median(times), goal: GOAL_MS, unit: ' ms' },
		],
	};
}
