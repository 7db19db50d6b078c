import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onlyExecution, type Execution } from '../n8n/execution.mts';
import type { RestClient } from '../n8n/rest.mts';
import { CHECKOUT } from '../pack.mts';
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

export interface Workflow {
	id: string;
	versionId: string;
	nodes: Array<{ name: string; type: string; disabled?: boolean }>;
}

/** Imports an example, as it is in the folder unless changed; n8n finds the credential by its name. */
export async function importExample(
	{ rest }: Bed,
	file: string,
	changed = (content: Omit<Workflow, 'id'>): object => content,
): Promise<Workflow> {
	const { id: _, ...content } = JSON.parse(await readFile(join(EXAMPLES, file), 'utf8'));
	return await rest.post<Workflow>('/rest/workflows', changed(content));
}

/** Runs a workflow, for the first time, from one of its triggers, as the editor's button does. */
export async function runFrom({ rest }: Bed, id: string, trigger: string): Promise<Execution> {
	await rest.post(`/rest/workflows/${id}/run`, { triggerToStartFrom: { name: trigger } });
	return await onlyExecution(rest, id, TIMEOUT_MS);
}

/** What Ultimo did that changed something, in order: 'cancelled 00000006712'. */
export const deeds = ({ ultimo }: Bed) =>
	ultimo.ledger
		.filter(({ acted }) => acted !== null && acted !== 'listed')
		.map(({ acted, ultimoId }) => `${acted} ${ultimoId}`);

/** How many requests of each action came, whatever became of them: { Cancel: 2 }. */
export function requests({ ultimo }: Bed): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { action } of ultimo.ledger) {
		const name = String(action).replace(/^REST_|Reservations?(ForSpace)?$/g, '');
		counts[name] = (counts[name] ?? 0) + 1;
	}
	return counts;
}
