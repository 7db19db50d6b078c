import { DateTime } from 'luxon';
import { searchList } from '../support/n8n.mts';
import { listed, lists, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();

const zone = 'Europe/Amsterdam';
const today = DateTime.now().setZone(zone).startOf('day');
const day = (days: number) => today.plus({ days, hours: 17 }).toISO();
const reservation = (id: string, day: number, Description: string) => {
	const start = today.plus({ days: day, hours: 9 });
	return {
		UltimoId: id,
		Description,
		ApplicantId: 'JANSEN',
		ApplicantName: 'Jansen, P.',
		StartTime: start.toISO(),
		EndTime: start.plus({ hours: 1 }).toISO(),
		Status: 'Processed',
	};
};
const all = [
	reservation('00000000001', -1, 'Yesterday'),
	reservation('00000000002', 2, 'Stand-up'),
	reservation('00000000003', 13, 'Review'),
	reservation('00000000004', 100, 'Off-site'),
];

/** An Ultimo that gives what lies within the window. */
function withReservations(collection = all) {
	return ultimo((body) => {
		const { From, Till } = body as unknown as { From: string; Till: string };
		const within = collection.filter(
			({ StartTime, EndTime }) =>
				Date.parse(StartTime!) >= Date.parse(From) && Date.parse(EndTime!) <= Date.parse(Till),
		);
		return { body: { properties: { Output: { collection: within } } } };
	});
}

const parameters = { spaceId: 'C-25' };

it('lists the coming reservations of the space, page by page', async () => {
	const seen = withReservations();
	const first = await searchList(parameters);
	const date = (day: number) => {
		const then = today.plus({ days: day });
		return then.toFormat(then.year === today.year ? 'ccc d LLL' : 'ccc d LLL yyyy');
	};
	expect(first.results).toEqual([
		{ name: `${date(2)}, 09:00–10:00 · Stand-up · Jansen, P.`, value: '00000000002' },
		{ name: `${date(13)}, 09:00–10:00 · Review · Jansen, P.`, value: '00000000003' },
	]);
	expect(seen[0].body).toMatchObject({ SpaceId: 'C-25' });

	const second = await searchList(parameters, undefined, first.paginationToken);
	expect(second.results.map(({ value }) => value)).toEqual(['00000000004']);
	const third = await searchList(parameters, undefined, second.paginationToken);
	expect(third).toEqual({ results: [] });
});

it('shows on which day one of several days ends', async () => {
	const from = today.plus({ days: 2 });
	const till = today.plus({ days: 6 });
	withReservations([{ ...reservation('00000000005', 2, 'Exhibition'), EndTime: day(6) }]);
	const { results } = await searchList(parameters);
	const date = (then: DateTime) =>
		then.toFormat(then.year === today.year ? 'ccc d LLL' : 'ccc d LLL yyyy');
	expect(results[0].name).toBe(
		`${date(from)}, 09:00 – ${date(till)}, 17:00 · Exhibition · Jansen, P.`,
	);
});

it.each([
	['the first page', [-3, 1]],
	['two pages', [12, 16]],
])('lists one of four days across the start of %s, once', async (_, [from, till]) => {
	const long = { ...reservation('00000000005', from, 'Exhibition'), EndTime: day(till) };
	withReservations([long, reservation('00000000002', 2, 'Stand-up')]);
	const first = await searchList(parameters);
	const second = await searchList(parameters, undefined, first.paginationToken);
	const ids = [...first.results, ...second.results].map(({ value }) => value);
	expect(ids.sort()).toEqual(['00000000002', '00000000005']);
});

it('searches date, time, description and applicant', async () => {
	withReservations();
	expect((await searchList(parameters, 'off-SITE')).results).toHaveLength(1);
	expect((await searchList(parameters, 'jansen')).results).toHaveLength(2);
	expect(await searchList(parameters, 'nothing like it')).toEqual({ results: [] });
});

it.each([
	[{}, 'List Reservations Of: choose a space first, in the field below'],
	[{ spaceId: 25 }, 'List Reservations Of: Ultimo IDs are text'],
])('asks for the space first: %j', async (typed, words) => {
	const seen = withReservations();
	await expect(searchList(typed)).rejects.toThrow(words);
	expect(seen).toEqual([]);
});

it('says the cause when Ultimo gives no list', async () => {
	ultimo(() => ({ status: 401, body: { message: 'Missing API key', code: 'MissingApiKey' } }));
	await expect(searchList(parameters)).rejects.toThrow('Missing API key [MissingApiKey]');
});

it('names a space or reservation by what of it is text', async () => {
	const Site = { Id: '01' };
	ultimo((_, __, { method }) =>
		method === 'GET' ? lists({ Id: 'C-25', Description: 'Room 2', Site }) : listed(meeting),
	);
	const meeting = { ...reservation('1', 2, 'Stand-up'), ApplicantName: Site };
	const spaces = await searchList({}, undefined, undefined, 'searchSpaces');
	expect(spaces.results).toEqual([{ name: 'Room 2 · C-25', value: 'C-25' }]);
	const { results } = await searchList(parameters);
	expect(results.map(({ name }) => name.split(' · ').slice(1))).toEqual([['Stand-up']]);
});
