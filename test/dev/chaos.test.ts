import { cancelling, compare, creating, type Fact } from '../../dev/chaos/compare.mts';
import type { Item } from '../../dev/n8n/execution.mts';

const ids = ['00000100000', '00000100001'];
const inputs = ids.map((UltimoId) => ({ UltimoId }));

const request = (UltimoId: string, changes: Partial<Fact> = {}): Fact => ({
	action: 'REST_CancelReservation',
	acted: 'cancelled',
	ultimoId: UltimoId,
	body: { UltimoId },
	status: 200,
	...changes,
});
/** One for the first of them. */
const answered = (changes: Partial<Fact>) => request(ids[0], changes);
const done = answered({});
const notActed = { acted: null, ultimoId: null };
const cancelled = (item: number): Item => ({
	json: { UltimoId: ids[item], cancelled: true },
	pairedItem: { item },
});
const failed = (outcome: string): Item => ({
	json: { UltimoId: ids[0], error: { message: 'Ultimo answered HTTP 500', outcome } },
	pairedItem: { item: 0 },
});

/** Of the first of two items; the second is always right. */
function firstOf(facts: Fact[], items: Item[]) {
	const all = [...items, cancelled(1)];
	const rows = compare(cancelling, inputs, all, [...facts, request(ids[1])]);
	const first = rows.filter(({ examples }) => !examples.startsWith(ids[1]));
	return { rows: first.length, wrong: rows.some(({ wrong }) => wrong), verdict: first[0]?.verdict };
}

describe('the ledger against the report', () => {
	it('counts items of the same fate in one row', () => {
		const facts = ids.map((id) => request(id));
		expect(compare(cancelling, inputs, [cancelled(0), cancelled(1)], facts)).toEqual([
			{
				ledger: 'cancelled once',
				report: 'cancelled',
				verdict: 'right',
				items: 2,
				wrong: false,
				examples: ids.join(', '),
			},
		]);
	});

	const lostThen = (fault: Fact['fault'], last: Partial<Fact>) => [
		answered({ fault, status: null }),
		answered(last),
	];
	it.each<[string, Fact[], string]>([
		['refused, not cancelled', [answered({ ...notActed, status: 400 })], 'refused'],
		['not sent, no request', [], 'notSent'],
		['unknown, cancelled', [answered({ fault: 'emptyBody' })], 'unknown'],
		['unknown, not cancelled', [answered({ ...notActed, fault: 'resetBefore' })], 'unknown'],
	])('takes for the truth: %s', (_, facts, outcome) => {
		expect(firstOf(facts, [failed(outcome)])).toMatchObject({ rows: 1, wrong: false });
	});

	it('tells a repeat after a lost answer apart', () => {
		expect(firstOf(lostThen('resetAfter', {}), [cancelled(0)])).toEqual({
			rows: 1,
			wrong: false,
			verdict: 'right; the first answer was lost, the effect is one',
		});
	});

	it.each<[string, string, Fact[], Item[]]>([
		['a refused one as cancelled', 'LIE', [answered({ ...notActed, status: 400 })], [cancelled(0)]],
		['one never asked as cancelled', 'LIE', [], [cancelled(0)]],
		[
			'one done behind an error as refused',
			'LIE',
			[answered({ fault: 'error500After', status: 500 })],
			[failed('refused')],
		],
		[
			'one done behind a lost answer as not sent',
			'LIE',
			[answered({ fault: 'resetAfter', status: null })],
			[failed('notSent')],
		],
		[
			'one that met the quota as not sent',
			'LIE',
			[answered({ ...notActed, fault: 'tooMany', status: 429 })],
			[failed('notSent')],
		],
		['doubt without cause', 'WRONG: every answer arrived', [done], [failed('unknown')]],
		['no item', 'MISSING', [done], []],
		['two items', 'REPORTED TWICE', [done], [cancelled(0), cancelled(0)]],
		['two requests', 'DONE AGAIN though the answer came', [done, done], [cancelled(0)]],
		[
			'a request after a slow answer',
			'DONE AGAIN though the answer came',
			lostThen('slow', {}),
			[cancelled(0)],
		],
		['an unknown outcome word', 'UNREADABLE', [done], [failed('who knows')]],
		[
			"another item's id",
			'LIE: of another item',
			[done],
			[{ ...cancelled(1), pairedItem: { item: 0 } }],
		],
	])('finds %s: %s', (_, verdict, facts, items) => {
		expect(firstOf(facts, items)).toMatchObject({ rows: 1, wrong: true, verdict });
	});

	it('finds what nobody asked for and items that belong to none', () => {
		const [asked, stray] = ids;
		const rows = compare(
			cancelling,
			[{ UltimoId: asked }],
			[cancelled(0), cancelled(1)],
			[request(asked), request(stray)],
		);
		expect(rows.filter(({ wrong }) => wrong).map(({ verdict }) => verdict)).toEqual([
			'nobody asked for it',
			'of no input item',
		]);
	});
});

describe('reservations that were made', () => {
	const wanted = { SpaceId: 'C-25', StartTime: '2035-01-08T00:00:00.000Z' };
	const made = (ultimoId: string, changes: Partial<Fact> = {}): Fact => ({
		action: 'REST_CreateReservation',
		acted: 'created',
		ultimoId,
		body: { ...wanted, StartTime: '2035-01-08T00:00:00Z' },
		status: 200,
		...changes,
	});
	const item = (UltimoId: string) => ({ json: { ...wanted, UltimoId }, pairedItem: { item: 0 } });

	it.each<[string, Fact[], string]>([
		['right', [made('7')], '7'],
		['right, after a lost answer', [made('7', { fault: 'cutJson' })], '7'],
		['DONE TWICE', [made('7', { fault: 'resetAfter', status: null }), made('8')], '8'],
		['LIE: the id is of another reservation', [made('7')], '8'],
	])('are told: %s', (verdict, facts, id) => {
		expect(compare(creating, [wanted], [item(id)], facts)).toMatchObject([{ verdict, items: 1 }]);
	});
});
