import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readArguments, run, say } from './cli.mts';
import { OWNER } from './n8n/env.mts';
import { itemsOf } from './n8n/execution.mts';
import { ensureN8n } from './n8n/install.mts';
import type { ExecuteResult, N8n } from './n8n/instance.mts';
import { freePort } from './n8n/ports.mts';
import { credentialFor } from './n8n/workflow.mts';
import { CHECKOUT, createPackedN8n } from './pack.mts';
import { defaults } from './ultimo/options.mts';
import { inThePast } from './ultimo/refusals.mts';
import { startUltimo, type LocalUltimo } from './ultimo/server.mts';

const USAGE = `npm run demo -- [options]   cancel a list of reservations with a real n8n, and check what Ultimo did
  --refuse ID   the local Ultimo refuses to cancel this reservation; may be repeated
npm start -- [options]      the same, and then leave n8n's editor running`;

const CANCEL_NODE = 'Cancel reservation';
const LIST_NODE = 'One item a reservation';
const GOOD = 'cancelled once';

interface Verdict {
	id: string;
	room: string;
	requests: number;
	cancelled: number;
	/** The items about it that left the node. */
	n8n: string;
	verdict: string;
}

function verdictOn(id: string, cancelled: number, items: unknown[]): string {
	if (cancelled === 0) return 'NOT cancelled';
	if (cancelled > 1) return `cancelled ${cancelled} TIMES`;
	if (items.length === 0) return 'cancelled once, but n8n gave NO ITEM';
	const asPromised = isDeepStrictEqual(items, [{ UltimoId: id, cancelled: true }]);
	return asPromised ? GOOD : 'cancelled once, but n8n says OTHERWISE';
}

/** What was asked is read from the run, not from the file: it counts what reached the node. */
function judge(ids: string[], ultimo: LocalUltimo, { run }: ExecuteResult): Verdict[] {
	const rows = new Map(ultimo.table().map((row) => [row.UltimoId, row]));
	const items = itemsOf(run, CANCEL_NODE).map(({ json }) => json);
	return ids.map((id) => {
		const about = items.filter((json) => json.UltimoId === id);
		const cancelled = ultimo.cancellations(id);
		return {
			id,
			room: ultimo.reservations.get(id)?.SpaceId ?? 'unknown',
			requests: rows.get(id)?.requests ?? 0,
			cancelled,
			n8n: about.map((json) => JSON.stringify(json)).join(' '),
			verdict: verdictOn(id, cancelled, about),
		};
	});
}

function printFirstRequest(ultimo: LocalUltimo) {
	const [first] = ultimo.ledger;
	if (!first) return say('No request reached Ultimo.');
	say('The first request, as it reached Ultimo:');
	console.log(`
    ${first.method} ${first.path}
    ApiKey: ${first.apiKeyOk ? `${defaults.apiKey.slice(0, 3)}…` : 'missing or wrong'}
    ApplicationElementId: ${first.applicationElementId}

    ${JSON.stringify(first.body)}
`);
}

/** The sentences that tell why the demo failed; none if it passed. */
function complaints(verdicts: Verdict[], ultimo: LocalUltimo, { ok, run, output }: ExecuteResult) {
	if (verdicts.length === 0) return [`The list of reservations never reached the node:\n${output}`];
	const sentences = verdicts
		.filter(({ verdict }) => verdict !== GOOD)
		.map(({ id, verdict }) => `Reservation ${id}: ${verdict}.`);
	const asked = new Set(verdicts.map(({ id }) => id));
	for (const { UltimoId, timesCancelled } of ultimo.table()) {
		if (timesCancelled > 0 && !asked.has(UltimoId))
			sentences.push(`Reservation ${UltimoId}: cancelled, though nobody asked for it.`);
	}
	if (!ok) {
		const { message = output, description = '' } = run?.data.resultData.error ?? {};
		sentences.push(`The workflow failed in n8n: ${message}\n${description}`);
	}
	return sentences;
}

async function cancelTheList(n8n: N8n, ultimo: LocalUltimo, workflowId: string): Promise<boolean> {
	say('Executing the workflow: n8n execute');
	const result = await n8n.execute(workflowId);
	const ids = itemsOf(result.run, LIST_NODE).map(({ json }) => String(json.UltimoId));

	const verdicts = judge(ids, ultimo, result);
	printFirstRequest(ultimo);
	say('What Ultimo did with each reservation, and what n8n says of it:');
	console.table(verdicts);

	const sentences = complaints(verdicts, ultimo, result);
	for (const sentence of sentences) console.log(`FAILED: ${sentence}`);
	const passed = verdicts.filter(({ verdict }) => verdict === GOOD).length;
	console.log(`${passed} passed, ${verdicts.length - passed} failed`);
	return sentences.length === 0;
}

async function leaveOpen(n8n: N8n, ultimo: LocalUltimo, workflowId: string) {
	ultimo.reset();
	say("Starting n8n's server");
	const { ended } = await n8n.start();
	console.log(`
    Editor     ${n8n.url}/workflow/${workflowId}
    Log in     ${OWNER.email}  ${OWNER.password}
    Ultimo     ${ultimo.url}  (all reservations are back; click "Execute workflow" and watch)

    Ctrl-C ends both.
`);
	await ended;
	console.log('n8n has ended.');
}

async function main() {
	const { values } = readArguments(USAGE, {
		open: { type: 'boolean', default: false },
		refuse: { type: 'string', multiple: true, default: [] },
	});

	say('Getting the pinned n8n');
	const { n8nVersion, folder } = await ensureN8n({ log: say });
	say(`  n8n ${n8nVersion} in ${folder}`);

	const port = values.open ? await freePort(5678) : undefined;
	// A time that is typed in n8n is the same in Ultimo.
	const env = { GENERIC_TIMEZONE: defaults.zone };
	const n8n = await createPackedN8n({ log: say, port, env });
	let ultimo: LocalUltimo | undefined;
	try {
		ultimo = await startUltimo({
			port: values.open ? await freePort(5080) : 0,
			refuse: Object.fromEntries(values.refuse.map((id) => [id, inThePast])),
		});
		say(`A local Ultimo listens on ${ultimo.url}`);

		say('Importing the credential and examples/cancel-list.json');
		const example = join(CHECKOUT, 'examples', 'cancel-list.json');
		const workflow = JSON.parse(await readFile(example, 'utf8'));
		const { ultimoApi } = workflow.nodes.at(-1).credentials;
		await n8n.importCredentials([{ ...ultimoApi, ...credentialFor(ultimo) }]);
		await n8n.importWorkflow(workflow);

		if (!(await cancelTheList(n8n, ultimo, workflow.id))) process.exitCode = 1;
		if (values.open) await leaveOpen(n8n, ultimo, workflow.id);
	} finally {
		await Promise.allSettled([n8n.stop(), ultimo?.stop()]);
	}
}

await run(main);
