import { setTimeout as sleep } from 'node:timers/promises';
import { idsFrom, type Bed } from '../bed.mts';
import { markdown } from '../markdown.mts';
import type { Log } from '../n8n/cache.mts';
import { ourCancel } from './contenders.mts';
import { median, type Section } from './figures.mts';

const COUNT = 10_000;
const GOAL_S = 11;
const SLOWEST = "A picker's answer while 10,000 run, slowest";
/** Not in step with the windows of the quota. */
const EVERY_MS = 7_300;

/** How long somebody waits who opens a list in the editor while a run uses up the quota. */
export async function picker(bed: Bed, rounds: number, log: Log): Promise<Section> {
	const { openList, run, credential, ultimo } = await bed.environment({}, 100);
	log(`A picker beside ${COUNT} cancellations, ${rounds} times`);
	const running = run('long', idsFrom(0, COUNT), ourCancel(credential)).catch(() => undefined);
	while (ultimo.ledger.length === 0) await sleep(100);
	const waits: number[] = [];
	for (let round = 1; round <= rounds; round++) {
		await sleep(EVERY_MS);
		const started = performance.now();
		await openList('C-25');
		waits.push((performance.now() - started) / 1000);
	}
	const busy = ultimo.stats().total.accepted;
	// Without Ultimo the run ends with an error.
	await ultimo.stop();
	await running;
	const row = {
		'Lists opened': rounds,
		'Answered after, s': waits.map((wait) => wait.toFixed(1)).join(', '),
		'Median, s': median(waits).toFixed(1),
	};
	return {
		title: `A list in the editor while ${COUNT} cancellations run at 100 per 10 s`,
		text: `${markdown([row])}\n\nRequests that Ultimo carried out meanwhile: ${busy}.`,
		goals: [{ what: SLOWEST, value: Math.max(...waits), goal: GOAL_S, unit: ' s' }],
	};
}
