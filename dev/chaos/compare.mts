import type { Item } from '../n8n/execution.mts';
import type { LedgerEntry } from '../ultimo/server.mts';

/** What the comparison reads of a request: the truth. */
export type Fact = Pick<LedgerEntry, 'action' | 'acted' | 'ultimoId' | 'body' | 'fault' | 'status'>;

/** How the item of a request is recognised again, and what was asked for with it. */
export interface Subject {
	action: LedgerEntry['action'];
	/** What the action is called when it was carried out. */
	acted: 'cancelled' | 'created';
	/** The same text for an item's input and for the requests that were sent for it. */
	key(fields: Record<string, unknown>): string;
	/** Whether an action done twice has the effect of once, so that it may be after a lost answer. */
	repeatable: boolean;
}

export const cancelling: Subject = {
	action: 'REST_CancelReservation',
	acted: 'cancelled',
	key: ({ UltimoId }) => String(UltimoId),
	repeatable: true,
};

export const creating: Subject = {
	action: 'REST_CreateReservation',
	acted: 'created',
	key: ({ SpaceId, StartTime }) => `${String(SpaceId)} ${Date.parse(String(StartTime))}`,
	repeatable: false,
};

export interface Row {
	/** How often it was really done. */
	ledger: string;
	report: string;
	verdict: string;
	items: number;
	wrong: boolean;
	/** A few of them, to look into. */
	examples: string;
}

/** After these the sender can't know what became of its request. */
const LOST = new Set([
	'resetBefore',
	'resetAfter',
	'error500',
	'error500After',
	'html502',
	'cutJson',
	'emptyBody',
]);

/** As Map.groupBy, which Node.js 20 does not have. */
export function groupBy<Key, Value>(values: Value[], keyOf: (value: Value) => Key) {
	const groups = new Map<Key, Value[]>();
	for (const value of values) {
		const key = keyOf(value);
		const group = groups.get(key);
		if (group) group.push(value);
		else groups.set(key, [value]);
	}
	return groups;
}

interface Case {
	input: Record<string, unknown>;
	index: number;
	items: Item[];
	facts: Fact[];
}

/**
 * Holds what really happened against what the node said, input item by input item.
 * @param inputs the items that reached the node, in their order
 * @param items what left the node
 */
export function compare(
	subject: Subject,
	inputs: Array<Record<string, unknown>>,
	items: Item[],
	ledger: Fact[],
): Row[] {
	const requests = ledger.filter(({ action }) => action === subject.action);
	const factsOf = groupBy(requests, ({ body }) => subject.key(body as Record<string, unknown>));
	const itemsOf = groupBy(items, ({ pairedItem }) => (pairedItem as { item?: number })?.item);
	const cases = inputs.map((input, index) => ({
		input,
		index,
		items: itemsOf.get(index) ?? [],
		facts: factsOf.get(subject.key(input)) ?? [],
	}));
	const rows = new Map<string, Row>();
	const add = (name: string, found: Omit<Row, 'items' | 'examples'>) => {
		const id = [found.ledger, found.report, found.verdict].join('|');
		const row = rows.get(id) ?? { ...found, items: 0, examples: '' };
		row.items++;
		if (row.items <= 3) row.examples = [row.examples, name].filter(Boolean).join(', ');
		rows.set(id, row);
	};
	for (const one of cases) add(subject.key(one.input), judge(subject, one));

	const asked = new Set(inputs.map((input) => subject.key(input)));
	for (const { acted, body } of requests) {
		const key = subject.key(body as Record<string, unknown>);
		if (acted !== subject.acted || asked.has(key)) continue;
		add(key, { ledger: acted, report: '-', verdict: 'nobody asked for it', wrong: true });
	}
	for (const [index, strays] of itemsOf) {
		if (index !== undefined && index < inputs.length) continue;
		for (const _ of strays)
			add(String(index), {
				ledger: '-',
				report: 'an item',
				verdict: 'of no input item',
				wrong: true,
			});
	}
	return [...rows.values()].sort((one, other) => other.items - one.items);
}

function judge(subject: Subject, { input, items, facts }: Case): Omit<Row, 'items' | 'examples'> {
	const { acted, repeatable } = subject;
	const done = facts.filter((fact) => fact.acted === acted);
	const times = done.length;
	const ledger = times === 0 ? `not ${acted}` : times === 1 ? `${acted} once` : `${acted} again`;
	const found = (report: string, verdict: string, wrong = false) => ({
		ledger,
		report,
		verdict,
		wrong,
	});

	if (items.length === 0) return found('nothing', 'MISSING', true);
	if (items.length > 1) return found(`${items.length} items`, 'REPORTED TWICE', true);
	const [{ json }] = items;
	const report = reportIn(subject, json);
	if (report === undefined) return found(JSON.stringify(json), 'UNREADABLE', true);
	if (subject.key(json) !== subject.key(input)) return found(report, 'LIE: of another item', true);

	const needless = done.slice(0, -1).some(({ fault }) => !LOST.has(fault ?? ''));
	if (needless) return found(report, 'DONE AGAIN though the answer came', true);
	if (times > 1 && !repeatable) return found(report, 'DONE TWICE', true);

	const lost = facts.some(({ fault }) => LOST.has(fault ?? ''));
	switch (report) {
		case acted:
			if (times === 0) return found(report, 'LIE', true);
			if (acted === 'created' && json.UltimoId !== done[0].ultimoId)
				return found(report, 'LIE: the id is of another reservation', true);
			if (times > 1) return found(report, 'right; the first answer was lost, the effect is one');
			return found(report, lost ? 'right, after a lost answer' : 'right');
		case 'refused':
			return times > 0 ? found(report, 'LIE', true) : found(report, 'right');
		case 'notSent':
			// "It was never asked": any request at all proves that wrong, refusals for the quota too.
			return facts.length > 0 ? found(report, 'LIE', true) : found(report, 'right');
		default:
			return lost
				? found(report, 'right: the answer was lost')
				: found(report, 'WRONG: every answer arrived', true);
	}
}

/** Undefined when the item says nothing that design.md promises. */
function reportIn({ acted }: Subject, json: Item['json']): string | undefined {
	if (json.error !== undefined) {
		const { outcome, message } = json.error as { outcome?: string; message?: string };
		const known = outcome === 'refused' || outcome === 'notSent' || outcome === 'unknown';
		return known && message && json.cancelled === undefined ? outcome : undefined;
	}
	const succeeded = acted === 'cancelled' ? json.cancelled === true : Boolean(json.UltimoId);
	return succeeded ? acted : undefined;
}
