import { startBed, type Bed } from '../bed.mts';
import { readArguments, run, say } from '../cli.mts';
import { reservationNode } from '../n8n/workflow.mts';
import { createPackedN8n } from '../pack.mts';
import type { FaultKind, LocalUltimo } from '../ultimo/server.mts';
import { faultKinds } from '../ultimo/faults.mts';
import { compare, groupBy, type Row } from './compare.mts';
import { operations, type Chaos } from './operations.mts';

const USAGE = `npm run chaos -- [options]   a faulty Ultimo's ledger against what the node reports
  --operation NAME      cancel (default) or create
  --items N             default 2000 for cancel, 500 for create
  --seed N              of the faults; default 1
  --runs N              with this seed and the ones after it; default 1
  --rate SHARE          of the requests that meet a fault; default 0.2
  --cancel-again WHAT   success or refused: what cancelling a cancelled reservation answers, which
                        Ultimo does not document; default both, one after the other`;

/**
 * Every kind but 429 this many times as often as 429: one 429 makes the whole process wait for 10
 * seconds, as it should, so that with as many as of the others nearly all of the run is waiting.
 */
const OTHERS_TO_ONE_429 = 10;
const kinds: FaultKind[] = faultKinds.flatMap((kind) =>
	kind === 'tooMany' ? [kind] : Array.from({ length: OTHERS_TO_ONE_429 }, () => kind),
);

interface Plan {
	seed: number;
	rate: number;
	items: number;
	cancelAgain: 'success' | 'refused';
}

function printFaults({ ledger, stats }: LocalUltimo) {
	const met = groupBy(ledger, ({ fault }) => fault ?? 'none');
	const counts = [...met].map(([fault, entries]) => `${fault} ${entries.length}`);
	say(`  ${stats().total.requests} requests; faults: ${counts.sort().join(', ')}`);
}

async function oneRun(bed: Bed, chaos: Chaos, plan: Plan): Promise<Row[]> {
	const { seed, rate, items, cancelAgain } = plan;
	const options = { requestsPerWindow: 0, cancelAgain, faults: { seed, rate, kinds } };
	const environment = await bed.environment(options, 0, chaos.reservations(items));
	const { ultimo, credential } = environment;
	const node = reservationNode('Faulty', credential, chaos.parameters, {
		onError: 'continueRegularOutput',
	});
	const result = await environment.run('chaos', chaos.items(items), node);
	say(`  ${(result.nodeMs / 1000).toFixed(0)} s`);
	printFaults(ultimo);
	const inputs = result.inputs.map(({ json }) => json);
	if (inputs.length !== items) throw new Error(`${inputs.length} items reached the node`);
	const rows = compare(chaos.subject, inputs, result.items, ultimo.ledger);
	console.table(rows.map(({ wrong: _, ...row }) => row));
	return rows;
}

async function main() {
	const { values } = readArguments(USAGE, {
		operation: { type: 'string', default: 'cancel' },
		items: { type: 'string' },
		seed: { type: 'string', default: '1' },
		runs: { type: 'string', default: '1' },
		rate: { type: 'string', default: '0.2' },
		'cancel-again': { type: 'string' },
	});
	const chaos = operations.get(values.operation);
	if (!chaos) throw new Error(`There is no operation ${values.operation}.\n${USAGE}`);
	const again = values['cancel-again'] ? [values['cancel-again']] : chaos.cancelAgain;
	const items = Number(values.items ?? chaos.count);
	const seeds = Array.from({ length: Number(values.runs) }, (_, run) => Number(values.seed) + run);

	const n8n = await createPackedN8n({ log: say });
	let bed: Bed | undefined;
	let wrong = 0;
	try {
		bed = await startBed(n8n);
		for (const seed of seeds) {
			for (const cancelAgain of again as Array<Plan['cancelAgain']>) {
				const twice = values.operation === 'cancel' ? `, cancelled again: ${cancelAgain}` : '';
				say(`${values.operation} ${items} items, seed ${seed}, faults ${values.rate}${twice}`);
				const plan = { seed, rate: Number(values.rate), items, cancelAgain };
				const rows = await oneRun(bed, chaos, plan);
				for (const row of rows) if (row.wrong) wrong += row.items;
			}
		}
	} finally {
		await bed?.stop();
		await n8n.stop();
	}
	console.log(wrong === 0 ? 'Every item is reported with the truth.' : `${wrong} items are WRONG.`);
	if (wrong > 0) process.exitCode = 1;
}

await run(main);
