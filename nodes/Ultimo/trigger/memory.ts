import type { IPollFunctions } from 'n8n-workflow';

import type { ReservationFilters } from '../reservations/filters';
import { pack, unpack, type Picture } from './picture';

/** What was looked up for the settings, good for a while. */
interface LookedUp {
	/** The settings, the company, and the key, which may not read all spaces: as text. */
	of: string;
	at: number;
	spaces: string[];
	/** With the applicant's id. */
	filters: ReservationFilters;
}

/** What a process remembers of one trigger besides what n8n saves. */
export interface Memory {
	polling: boolean;
	/** Of a poll without events: what n8n had saved at the time, and what has to be known now. */
	unsaved?: { saved: unknown; picture: string };
	lookedUp?: LookedUp;
}

const memories = new Map<string, Memory>();

export function memoryOf(n8n: IPollFunctions): Memory {
	const { id, name } = n8n.getNode();
	// As n8n's own data of a node, which begins anew when the node is renamed.
	const key = JSON.stringify([n8n.getWorkflow().id, id, name]);
	const memory = memories.get(key) ?? { polling: false };
	memories.set(key, memory);
	return memory;
}

/**
 * What the last poll of this environment left.
 *
 * n8n saves the picture with the events of a poll, and not at all without any. Usually the workflow
 * object holds it until then; where n8n makes that anew for each poll (durable pollers without
 * durable cursors) only this process knows it. Its memory counts as long as n8n has saved nothing
 * newer, and never holds a poll with events: n8n may have dropped these.
 */
export function recall(n8n: IPollFunctions, memory: Memory, environment: string): Picture {
	const { picture: saved } = n8n.getWorkflowStaticData('node');
	const { unsaved } = memory;
	const last = unpack(unsaved && unsaved.saved === saved ? unsaved.picture : saved);
	if (last?.environment === environment) return last;
	return { environment, failures: 0, windows: new Map(), known: new Map() };
}

/** Keeps a picture as well as n8n lets it be kept: one whole value, assigned last, if it differs. */
export function keep(
	n8n: IPollFunctions,
	memory: Memory,
	picture: Picture,
	hasEvents: boolean,
): void {
	const data = n8n.getWorkflowStaticData('node');
	const packed = pack(picture);
	memory.unsaved = hasEvents ? undefined : { saved: data.picture, picture: packed };
	if (data.picture !== packed) data.picture = packed;
}
