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

	it.each<[string, Fact[], Array<ReturnType<typeof cancelled> | ReturnType<typeof failed>>]>([
		['LIE', [request(ids[0], { ...notActed, status: 400 })], [cancelled(0)]],
		['LIE', [], [cancelled(0)]],
		['LIE', [request(ids[0], { fault: 'error500After', status: 500 })], [failed(0, 'refused')]],
		['LIE', [request(ids[0], { fault: 'resetAfter', status: null })], [failed(0, 'notSent')]],
		[
			'LIE',
			[request(ids[0], { ...notActed, fault: 'tooMany', status: 429 })],
			[failed(0, 'notSent')],
		],
		['WRONG: every answer arrived', [request(ids[0])], [failed(0, 'unknown')]],
		['MISSING', [request(ids[0])], []],
		['REPORTED TWICE', [request(ids[0])], [cancelled(0), cancelled(0)]],
		['DONE AGAIN though the answer came', [request(ids[0]), request(ids[0])], [cancelled(0)]],
		['DONE AGAIN though the answer came', lostThen('slow', {}), [cancelled(0)]],
		['UNREADABLE', [request(ids[0])], [failed(0, 'who knows')]],
		['LIE: of another item', [request(ids[0])], [{ ...cancelled(1), pairedItem: { item: 0 } }]],
	])('finds %s', (verdict, facts, items) => {
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
