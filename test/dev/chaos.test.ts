import { cancelling, compare, creating, type Fact } from '../../dev/chaos/compare.mts';

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
const notActed = { acted: null, ultimoId: null };
const cancelled = (item: number) => ({
	json: { UltimoId: ids[item], cancelled: true },
	pairedItem: { item },
});
const failed = (item: number, outcome: string) => ({
	json: { UltimoId: ids[item], error: { message: 'Ultimo answered HTTP 500', outcome } },
	pairedItem: { item },
});

/** Of the first of two items; the second is always right. */
function firstOf(
	facts: Fact[],
	items: Array<ReturnType<typeof cancelled> | ReturnType<typeof failed>>,
) {
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
		request(ids[0], { fault, status: null }),
		request(ids[0], last),
	];
	it.each<[string, Fact[], ReturnType<typeof failed>]>([
		[
			'refused, not cancelled',
			[request(ids[0], { ...notActed, status: 400 })],
			failed(0, 'refused'),
		],
		['not sent, no request', [], failed(0, 'notSent')],
		['unknown, cancelled', [request(ids[0], { fault: 'emptyBody' })], failed(0, 'unknown')],
		[
			'unknown, not cancelled',
			[request(ids[0], { ...notActed, fault: 'resetBefore' })],
			failed(0, 'unknown'),
		],
	])('takes for the truth: %s', (_, facts, item) => {
		expect(firstOf(facts, [item])).toMatchObject({ rows: 1, wrong: false });
	});

	it('tells a repeat after a lost answer apart', () => {
		expect(firstOf(lostThen('resetAfter', {}), [cancelled(0) as never])).toEqual({
			rows: 1,
			wrong: false,
			verdict: 'right; the first answer was lost, the effect is one',
		});
	});

	type Items = Array<ReturnType<typeof cancelled> | ReturnType<typeof failed>>;
	const done = request(ids[0]);
	const answered = (changes: Partial<Fact>) => request(ids[0], changes);
	it.each<[string, string, Fact[], Items]>([
		['a refused one as cancelled', 'LIE', [answered({ ...notActed, status: 400 })], [cancelled(0)]],
		['one never asked as cancelled', 'LIE', [], [cancelled(0)]],
		[
			'one done behind an error as refused',
			'LIE',
			[answered({ fault: 'error500After', status: 500 })],
			[failed(0, 'refused')],
		],
		[
			'one done behind a lost answer as not sent',
			'LIE',
			[answered({ fault: 'resetAfter', status: null })],
			[failed(0, 'notSent')],
		],
		[
			'one that met the quota as not sent',
			'LIE',
			[answered({ ...notActed, fault: 'tooMany', status: 429 })],
			[failed(0, 'notSent')],
		],
		['doubt without cause', 'WRONG: every answer arrived', [done], [failed(0, 'unknown')]],
		['no item', 'MISSING', [done], []],
		['two items', 'REPORTED TWICE', [done], [cancelled(0), cancelled(0)]],
		['two requests', 'DONE AGAIN though the answer came', [done, done], [cancelled(0)]],
		[
			'a request after a slow answer',
			'DONE AGAIN though the answer came',
			lostThen('slow', {}),
			[cancelled(0)],
		],
		['an unknown outcome word', 'UNREADABLE', [done], [failed(0, 'who knows')]],
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
