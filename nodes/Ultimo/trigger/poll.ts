import type { IDataObject, INodeExecutionData, IPollFunctions, NodeApiError } from 'n8n-workflow';

import { chooseSpaces } from '../objects/spaces';
import { matches, withApplicantId } from '../reservations/filters';
import { isCancelled } from '../reservations/list';
import { connect } from '../transport/connection';
import { Ultimo } from '../transport/request';
import { Run } from '../transport/run';
import { compare, type Change } from './changes';
import { itemOf, knownAs } from './items';
import { lookAt, placeOf, type Sight } from './look';
import { keep, memoryOf, recall, type Memory } from './memory';
import { samples } from './samples';
import { readSettings, type Settings } from './settings';
import { errorOf } from './trouble';

const SECOND_MS = 1000;
/** Few spaces at a time, so that a workflow that runs meanwhile has the larger share of the quota. */
const AT_ONCE = 5;
/** Where n8n does not say how long a poll may take. */
const BUDGET_MS = 240 * SECOND_MS;
/** What was looked up of spaces and people is good for an hour. */
const LOOKED_UP_MS = 3600 * SECOND_MS;

/**
 * What happened in Ultimo since the last poll: one item an event, or null.
 * @throws NodeApiError, or NodeOperationError for a mistake of a field or the credential
 */
export async function poll(n8n: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (n8n.getMode() === 'manual') return [n8n.helpers.returnJsonArray(await samples(n8n))];
	const memory = memoryOf(n8n);
	// n8n starts the next poll whether or not the last one has ended.
	if (memory.polling) return null;
	memory.polling = true;
	try {
		const items = await pollOnce(n8n, memory);
		return items.length > 0 ? [n8n.helpers.returnJsonArray(items)] : null;
	} catch (thrown) {
		const error = thrown as Error;
		// n8n never tries again to activate a workflow whose error holds this word.
		error.message = error.message.replaceAll('Authorization', 'authorization');
		throw error;
	} finally {
		memory.polling = false;
	}
}

async function pollOnce(n8n: IPollFunctions, memory: Memory): Promise<IDataObject[]> {
	const now = Date.now();
	const settings = readSettings(n8n);
	const connection = await connect(n8n);
	const last = recall(n8n, memory, connection.company);

	const budget = Math.min(
		BUDGET_MS,
		(n8n as Partial<IPollFunctions>).getPollBudgetMs?.() ?? Infinity,
	);
	// Time for a last space: two tries, and the wait between them.
	const timeout = Math.min(15 * SECOND_MS, Math.floor(budget / 4));
	const isTimeLeft = () => Date.now() < now + budget - 2 * timeout - 2 * SECOND_MS;
	const run = new Run(connection, {
		timeout,
		giveUpAfter: budget / 2 / SECOND_MS,
		repeats: 1,
		atOnce: AT_ONCE,
	});
	const ultimo = new Ultimo(run);

	const see = async (): Promise<Seen> => {
		const { spaces, filters } = await lookUp(ultimo, settings, memory, now);
		const sight = await lookAt(ultimo, spaces, last, { now, ...settings }, isTimeLeft);
		return { ...sight, spaces: spaces.length, filters };
	};
	const { looks, items, filters, ...trouble } = await see().catch(blind);

	const isWhole = trouble.failed.length === 0;
	const comparison = {
		...settings,
		now,
		isCancelled: (Status: string) => isCancelled({ item: { Status } }),
	};
	const compared = looks.size > 0 ? compare(last, looks, comparison) : undefined;
	const told = (compared?.changes ?? []).flatMap((change) => {
		const item = items.get(placeOf(change.id, change.now.space));
		const isWanted = settings.events.has(change.event) && fits(change, item, filters);
		return isWanted ? [itemOf(change, item)] : [];
	});
	const failures = isWhole ? 0 : last.failures + 1;
	keep(n8n, memory, { ...(compared?.picture ?? last), failures }, told.length > 0);
	// What was found is told first; who still fails at the next poll is told then.
	if (!isWhole && told.length === 0) {
		const error = errorOf(trouble, { failures, isFirst: last.windows.size === 0, run });
		if (error) throw error;
	}
	return told;
}

/** What a poll saw, and of how many spaces. */
interface Seen extends Sight {
	spaces: number;
	filters: Settings['filters'];
}

/** Not even the spaces could be found out. */
function blind(error: NodeApiError): Seen {
	if (error.context?.outcome === undefined) throw error;
	return { looks: new Map(), items: new Map(), failed: [error], spaces: 0, filters: {} };
}

function fits(
	change: Change,
	item: IDataObject | undefined,
	filters: Settings['filters'],
): boolean {
	const { now, before } = change;
	return (
		matches(item ?? knownAs(now), filters) ||
		(before !== undefined && matches(knownAs(before), filters))
	);
}

/** The spaces and the person that the settings mean, which may cost requests. */
async function lookUp(ultimo: Ultimo, { spaces, filters }: Settings, memory: Memory, now: number) {
	const { company, key } = ultimo.run.connection;
	const of = JSON.stringify([company, key, spaces, filters]);
	const { lookedUp } = memory;
	if (lookedUp?.of === of && now - lookedUp.at < LOOKED_UP_MS && now >= lookedUp.at)
		return lookedUp;
	const found = await chooseSpaces(ultimo, spaces);
	memory.lookedUp = {
		of,
		at: now,
		spaces: found.map(({ SpaceId }) => SpaceId),
		filters: await withApplicantId(ultimo, filters),
	};
	return memory.lookedUp;
}
