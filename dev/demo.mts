import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { leave } from './n8n/cleanup.mts';
import { OWNER } from './n8n/env.mts';
import { itemsOf } from './n8n/execution.mts';
import { ensureN8n } from './n8n/install.mts';
import { createN8n, type ExecuteResult, type N8n } from './n8n/instance.mts';
import { freePort } from './n8n/ports.mts';
import { packTarball } from './pack.mts';
import { defaults } from './ultimo/options.mts';
import { startUltimo, type LocalUltimo } from './ultimo/server.mts';

const USAGE = `npm run demo -- [options]   cancel a list of reservations with a real n8n, and check what Ultimo did
  --refuse ID   the local Ultimo refuses to cancel this reservation; may be repeated
npm start -- [options]      the same, and then leave n8n's editor running`;

const API_KEY = 'demo-key';
const CANCEL_NODE = 'Cancel reservation';
const LIST_NODE = 'One item a reservation';
const REFUSAL = {
	message: 'Room reservation cannot be modified.\r\nCause: Room reservation is in the past.',
	code: '1166',
};

const started = Date.now();
const say = (line: string) =>
	console.log(`[${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s] ${line}`);

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
    ApiKey: ${first.apiKeyOk ? `${API_KEY.slice(0, 3)}…` : 'missing or wrong'}
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
	const { values } = parseArgs({
		options: {
			open: { type: 'boolean', default: false },
			refuse: { type: 'string', multiple: true, default: [] },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(USAGE);

	say('Building and packing this package');
	const tarball = await packTarball();
	say(`  ${tarball.files.length} files, ${Math.round(tarball.unpackedSize / 1024)} kB`);

	say('Getting the pinned n8n');
	const { n8nVersion, folder } = await ensureN8n({ log: say });
	say(`  n8n ${n8nVersion} in ${folder}`);

	say('Installing the package in a new n8n, as a user does');
	const port = values.open ? await freePort(5678) : undefined;
	const n8n = await createN8n({
		tarball: tarball.path,
		log: say,
		port,
		// A time that is typed in n8n is the same in Ultimo.
		env: { GENERIC_TIMEZONE: defaults.zone },
	}).finally(async () => await rm(dirname(tarball.path), { recursive: true }));
	let ultimo: LocalUltimo | undefined;
	try {
		ultimo = await startUltimo({
			apiKey: API_KEY,
			port: values.open ? await freePort(5080) : 0,
			refuse: Object.fromEntries(values.refuse.map((id) => [id, REFUSAL])),
		});
		say(`A local Ultimo listens on ${ultimo.url}`);

		say('Importing the credential and examples/cancel-list.json');
		const example = join(import.meta.dirname, '..', 'examples', 'cancel-list.json');
		const workflow = JSON.parse(await readFile(example, 'utf8'));
		const { ultimoApi } = workflow.nodes.at(-1).credentials;
		const data = { baseUrl: ultimo.url, apiKey: API_KEY };
		await n8n.importCredentials([{ ...ultimoApi, type: 'ultimoApi', data }]);
		await n8n.importWorkflow(workflow);

		if (!(await cancelTheList(n8n, ultimo, workflow.id))) process.exitCode = 1;
		if (values.open) await leaveOpen(n8n, ultimo, workflow.id);
	} finally {
		await Promise.allSettled([n8n.stop(), ultimo?.stop()]);
	}
}

await main().catch((error: Error) => {
	console.error(`FAILED: ${error.message}`);
	process.exitCode = 1;
});
leave();
