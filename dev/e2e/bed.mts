import { rejects } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onlyExecution, type Execution } from '../n8n/execution.mts';
import type { RestClient } from '../n8n/rest.mts';
import { CHECKOUT } from '../pack.mts';
import { defaults } from '../ultimo/options.mts';
import { demoSeed } from '../ultimo/seed.mts';
import type { LocalUltimo } from '../ultimo/server.mts';

const EXAMPLES = join(CHECKOUT, 'examples');
const TIMEOUT_MS = 60_000;
/** As n8n itself names the first credential of this type; the examples refer to it by this name. */
export const CREDENTIAL = 'Ultimo account';

/** What the tests have in common: one running n8n, one local Ultimo. */
export interface Bed {
	url: string;
	rest: RestClient;
	ultimo: LocalUltimo;
}

/** As a node stands in an example's file. */
export interface ExampleNode {
	name: string;
	type: string;
	typeVersion: number;
	disabled?: boolean;
	parameters: Record<string, unknown>;
	credentials?: object;
}

export interface Workflow {
	id: string;
	versionId: string;
	nodes: ExampleNode[];
	pinData?: object;
}

/** Where the tests are: n8n, Ultimo and the browser. */
export const ZONE = defaults.zone;

/** Puts these reservations into Ultimo, by default the demo's of now; no request has come yet. */
export function anew(
	{ ultimo }: Pick<Bed, 'ultimo'>,
	refuse = {},
	seed = demoSeed(Date.now()),
): void {
	ultimo.setOptions({ seed, refuse });
	ultimo.reset();
}

/** What the examples' webhooks ask their callers for, once it is chosen. */
export const WEBHOOK_KEY = { name: 'X-Webhook-Key', value: 'of-the-tests' };
const WEBHOOK = 'n8n-nodes-base.webhook';

/** A credential for the examples' webhooks. */
async function makeWebhookKey({ rest }: Bed): Promise<object> {
	const { id, name } = await rest.post('/rest/credentials', {
		name: 'Callers of webhooks',
		type: 'httpHeaderAuth',
		data: WEBHOOK_KEY,
	});
	return { httpHeaderAuth: { id, name } };
}

/** Imports an example, as it is in the folder unless changed; n8n finds the credential by its name. */
export async function importExample(
	{ rest }: Bed,
	file: string,
	changed: (node: ExampleNode) => Partial<ExampleNode> = () => ({}),
	pinData: object = {},
): Promise<Workflow> {
	const { id: _, ...content } = JSON.parse(await readFile(join(EXAMPLES, file), 'utf8'));
	const nodes = content.nodes.map((node: ExampleNode) => ({ ...node, ...changed(node) }));
	return await rest.post<Workflow>('/rest/workflows', { ...content, nodes, pinData });
}

/** The same, with the credential for its webhook that its notes ask for. */
export async function importReady(bed: Bed, file: string): Promise<Workflow> {
	const credentials = await makeWebhookKey(bed);
	return await importExample(bed, file, ({ type }) => (type === WEBHOOK ? { credentials } : {}));
}

/** Publishes an example, which n8n must not do as long as anybody could call its webhook. */
export async function publishExample(bed: Bed, file: string): Promise<void> {
	const asImported = await importExample(bed, file);
	await rejects(bed.rest.publish(asImported), /Missing required credential: httpHeaderAuth/);
	await bed.rest.publish(await importReady(bed, file));
}

/** Runs a workflow, for the first time, from one of its triggers, as the editor's button does. */
export async function runFrom({ rest }: Bed, id: string, trigger: string): Promise<Execution> {
	await rest.post(`/rest/workflows/${id}/run`, { triggerToStartFrom: { name: trigger } });
	return await onlyExecution(rest, id, TIMEOUT_MS);
}

/** What Ultimo did that changed something, in order: 'cancelled 00000006712'. */
export const deeds = ({ ultimo }: Bed) =>
	ultimo.ledger
		.filter(({ acted }) => acted !== null && !['listed', 'read'].includes(acted))
		.map(({ acted, ultimoId }) => `${acted} ${ultimoId}`);

/** How many requests came of each action and kind of object, whatever became of them: { Cancel: 2, Space: 1 }. */
export function requests({ ultimo }: Bed): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { action, path } of ultimo.ledger) {
		const name = (action ?? path).replace(
			/^REST_|Reservations?(ForSpace)?$|^.*\/object\/|\?.*$/g,
			'',
		);
		counts[name] = (counts[name] ?? 0) + 1;
	}
	return counts;
}
