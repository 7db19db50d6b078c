import { run } from '../cli.mts';
import type { N8n } from '../n8n/instance.mts';
import { workflow } from '../n8n/workflow.mts';
import { createPackedN8n } from '../pack.mts';
import { idOf, openPaths, workflows } from './leakPaths.mts';
import { find, findInFiles, needles } from './needles.mts';

/** Their characters differ in every encoding, and nothing else in an n8n looks like them. */
const API_KEY = 'fInd/Me+If=You&Can~7d1e5c0b';
const PASSPHRASE = 'sEek/Me+Too=By&Day~92ab04cf';
/** What stands in the PEM; of one line, since software may break a longer one where it likes. */
const PRIVATE_KEY = 'hUnt/Me+As/Well+c41d7e';
const NEEDLES = [
	...needles(API_KEY, 'API key'),
	...needles(PASSPHRASE, 'passphrase'),
	...needles(PRIVATE_KEY, 'private key'),
];
const pem = (label: string, body: string) =>
	`-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const credentialData = (baseUrl: string) => ({
	baseUrl,
	apiKey: API_KEY,
	useClientCertificate: true,
	clientCertificate: pem('CERTIFICATE', 'notASecret'),
	clientKey: pem('PRIVATE KEY', PRIVATE_KEY),
	clientPassphrase: PASSPHRASE,
});

const say = (line: string) => console.log(line);
const problems: string[] = [];
const expect = (ok: boolean, problem: string) => ok || problems.push(problem);

async function searchRest(n8n: N8n, credentialIds: string[], urls: string[]): Promise<string[]> {
	const rest = await n8n.login();
	const found: string[] = [];
	const look = (place: string, answer: unknown) =>
		found.push(...find(NEEDLES, place, JSON.stringify(answer)));

	const { results } = await rest.get<{ results: Array<{ id: string }> }>(
		'/rest/executions?limit=100',
	);
	for (const { id } of results) look(`execution ${id}`, await rest.get(`/rest/executions/${id}`));
	for (const [index, id] of credentialIds.entries()) {
		look(`credential ${id}`, await rest.get(`/rest/credentials/${id}?includeData=true`));
		const data = credentialData(urls[index]);
		const credentials = { id, name: id, type: 'ultimoApi', data };
		look(
			`the test of credential ${id}`,
			await rest.post('/rest/credentials/test', { credentials }),
		);
	}
	say(`  REST: ${results.length} executions, ${credentialIds.length} credentials and their tests`);
	expect(results.length > urls.length, `only ${results.length} executions were saved`);
	return found;
}

async function searchAll(n8n: N8n): Promise<string[]> {
	const { found, files, bytes } = await findInFiles(NEEDLES, n8n.userFolder);
	say(`  ${files} files, ${(bytes / 1e6).toFixed(1)} MB, with the database and log files`);
	say(`  ${(n8n.logs().length / 1e3).toFixed(0)} kB that n8n printed`);
	expect(n8n.logs().length > 10_000, 'n8n printed too little for its debug level');
	return [...found, ...find(NEEDLES, 'what n8n printed', n8n.logs())];
}

/** The search must find each form once it is there, as a note in a workflow. */
async function proveSearch(n8n: N8n) {
	const forms = NEEDLES.map(({ bytes }) => bytes.toString('latin1'));
	const note = {
		name: 'Note',
		type: 'n8n-nodes-base.stickyNote',
		typeVersion: 1,
		parameters: { content: forms.join(' | ').replaceAll('\0', '') },
	};
	await n8n.importWorkflow({ id: 'planted'.padEnd(16, '0'), ...workflow('Planted', [note]) });
	const { found } = await findInFiles(NEEDLES, n8n.userFolder);
	for (const { form } of NEEDLES) {
		// In a database's JSON a text has no zero bytes, and a backslash is doubled.
		if (/UTF-16|in JSON/.test(form)) continue;
		expect(
			found.some((one) => one.startsWith(`${form} in `)),
			`a planted secret was not found: ${form}`,
		);
	}
	say(`  planted in a note, it is found: ${[...new Set(found)].join('; ')}`);
}

async function main() {
	const env = { N8N_LOG_LEVEL: 'debug', N8N_LOG_OUTPUT: 'console,file' };
	const n8n = await createPackedN8n({ log: say, env });
	const environments = await openPaths(API_KEY);
	const { paths, elsewhereUrl } = environments;
	try {
		const urls = paths.map(({ url }) => url);
		await n8n.importCredentials(
			urls.map((baseUrl) => ({
				id: idOf(baseUrl),
				name: baseUrl,
				type: 'ultimoApi',
				data: credentialData(baseUrl),
			})),
		);
		const { stopping, all } = workflows(paths, elsewhereUrl);
		for (const [index, workflow] of stopping.entries()) {
			await n8n.importWorkflow(workflow);
			const { ok, output } = await n8n.execute(workflow.id);
			const { name, fails } = paths[index];
			say(`  ${name}: ${fails ? 'the workflow fails' : 'done'}`);
			const asMeant = fails ? !ok && fails.test(output) : ok;
			expect(asMeant, `"${name}" ended unlike it should:\n${output.slice(-2_000)}`);
		}
		await n8n.importWorkflow(all);
		const { ok, output } = await n8n.execute(all.id);
		const silent = all.nodes.filter(
			({ name }) => !output.includes(`Running node "${name}" finished`),
		);
		say(`  all paths with On Error "continue": ${all.nodes.length - silent.length} nodes ran`);
		expect(ok && silent.length === 0, `did not run: ${silent.map(({ name }) => name).join(', ')}`);

		await n8n.start();
		const found = await searchRest(n8n, urls.map(idOf), urls);
		found.push(...(await searchAll(n8n)));
		for (const one of found) problems.push(`a secret is there: ${one}`);
		say(`  found: ${found.length}`);

		expect(environments.requests() > 0, 'no request with the key reached Ultimo');
		expect(environments.arrivalsElsewhere() === 0, 'a request reached a host of no credential');
		await proveSearch(n8n);
	} finally {
		await n8n.stop();
		await environments.close();
	}
	for (const problem of problems) console.log(`FAILED: ${problem}`);
	if (problems.length === 0)
		say('Only the encrypted credential holds the API key, the client key and its passphrase.');
	if (problems.length > 0) process.exitCode = 1;
}

await run(main);
