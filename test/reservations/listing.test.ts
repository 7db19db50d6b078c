import { runNode, type Result } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { ultimo, withoutNetwork } from '../support/ultimo';
import { HOUR, listingUltimo, type Booking, type Meaning } from '../support/listing';

withoutNetwork();
withFakeTime();

const FROM = Date.UTC(2026, 10, 1);
const booking = (number: number, start: number, hours = 1): Booking => ({
	id: String(number).padStart(11, '0'),
	start,
	end: start + hours * HOUR,
	item: null,
});
const each = (count: number, hours = 1) =>
	Array.from({ length: count }, (_, index) => booking(index, FROM + index * hours * HOUR, hours));
const parameters = {
	operation: 'getAll',
	spaceId: 'C-25',
	from: '2026-11-01T00:00:00Z',
	till: '2027-11-01T00:00:00Z',
	returnAll: true,
};
type Window = { From?: string; Till?: string };

/** An Ultimo that gives `shorten` of what is in a window; what it was asked, and what came out. */
async function list(
	some: Booking[],
	shorten: (given: Booking[]) => Booking[],
	meaning: Meaning = 'overlap',
	more: object = {},
) {
	const listing = listingUltimo(some, meaning, 'byStart');
	const seen = ultimo((body) => {
		const { From = '', Till = '' } = body as Window;
		const inWindow = listing.all(Date.parse(From), Date.parse(Till));
		const given = shorten(inWindow.sort((one, other) => one.start - other.start));
		const collection = given.map(({ id, start, end }) => ({
			UltimoId: id,
			StartTime: new Date(start).toISOString(),
			EndTime: new Date(end).toISOString(),
		}));
		return { body: { properties: { Output: { collection } } } };
	});
	const result = await fast(runNode({ parameters: { ...parameters, ...more } }));
	return {
		seen,
		...result,
		ids: result.json.map((json) => json.UltimoId),
		hints: hintsOf(result),
	};
}
const hintsOf = ({ run }: Result) =>
	(run.data.resultData.runData.Ultimo[0].hints ?? []).map(({ message }) => message);

it('no reservation is lost for want of an UltimoId', async () => {
	const some = each(3).map((one) => ({ ...one, id: '' }));
	const { items } = await list(some, (given) => given);
	expect(items.map(({ json }) => json.StartTime)).toEqual(
		some.map(({ start }) => new Date(start).toISOString()),
	);
});

it.each([21, 25, 50, 93, 99])(
	'a list that is cut off at %i is not taken for whole',
	async (most) => {
		const some = each(400);
		const { ids, seen } = await list(some, (given) => given.slice(0, most));
		expect(ids).toEqual(some.map(({ id }) => id));
		expect(seen.length).toBeLessThan(20 + (400 / most) * 4);
	},
);

it('a list is whole also where some of the 100 that Ultimo takes are left out', async () => {
	const some = each(700);
	const shown = ({ id }: Booking) => Number(id) % 14 !== 0;
	const { ids } = await list(some, (given) => given.slice(0, 100).filter(shown));
	expect(ids).toEqual(some.filter(shown).map(({ id }) => id));
});

it.each([
	['20 are one request', 20, 1],
	['more are asked for again in two halves', 60, 3],
])('%s', async (_, count, requests) => {
	const { ids, seen } = await list(each(count), (given) => given);
	expect([ids.length, seen.length]).toEqual([count, requests]);
});

it('what is known to be whole is not asked for again', async () => {
	const first = await list(each(60), (given) => given);
	const again = await fast(runNode({ parameters }));
	expect([again.items.length, first.seen.length]).toEqual([60, 4]);
});

it('a server that gives no end is left soon, and says so', async () => {
	let before = 0;
	const at = (index: number) => booking(index, FROM);
	const { seen, error, items } = await list(each(1), () =>
		Array.from({ length: before++ === 0 ? 100 : 99 }, (_, index) => at(index)),
	);
	expect(seen.length).toBe(203);
	expect(items).toEqual([]);
	expect(error?.message).toMatch(
		/^Ultimo's lists of space C-25 come to no end: 203 requests gave 99 reservations$/,
	);
	expect(error?.context).toMatchObject({ outcome: 'refused', itemIndex: 0 });
}, 30_000);

describe('what a list of several times can not promise is said', () => {
	const MAY_LACK = /list only reservations that end within the time asked for/;
	it.each<[string, Meaning, number, object, boolean]>([
		['containment', 'containment', 300, {}, true],
		['containment, all in one', 'containment', 50, {}, false],
		['overlap', 'overlap', 300, {}, false],
		['overlap, the first ones', 'overlap', 300, { returnAll: false, limit: 50 }, false],
		['start within', 'startWithin', 300, {}, false],
		['end within', 'endWithin', 300, {}, true],
		['end within, the first ones', 'endWithin', 300, { returnAll: false, limit: 50 }, true],
	])('%s', async (_, meaning, count, more, isSaid) => {
		const { hints } = await list(each(count), (given) => given.slice(0, 100), meaning, more);
		expect(hints.some((hint) => MAY_LACK.test(hint))).toBe(isSaid);
	});
});
