import {
	compare,
	type Change,
	type Comparison,
	type Details,
	type Look,
} from '../../nodes/Ultimo/trigger/changes';
import type { Picture } from '../../nodes/Ultimo/trigger/picture';
import { windowOf } from '../../nodes/Ultimo/trigger/window';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NINE = Date.parse('2026-11-25T09:00:00Z');
const comparison: Comparison = {
	now: NINE,
	lookAheadMs: 30 * DAY,
	soonMs: HOUR / 4,
	isCancelled: (status) => status === 'Cancelled',
};
const NOTHING: Picture = { environment: '', failures: 0, windows: new Map(), known: new Map() };

/** Hours from nine on, for an hour unless more. */
const at = (hours: number, length = 1) => ({
	start: NINE + hours * HOUR,
	end: NINE + (hours + length) * HOUR,
});
/** Versions of a reservation; all have the same id but `other`. */
const versions: Record<string, Partial<Details> & { id?: string }> = {
	one: at(24),
	moved: at(28),
	other: { ...at(26), id: '2' },
	text: { ...at(24), description: 'Another' },
	name: { ...at(24), applicantName: 'Another' },
	off: { ...at(24), status: 'Cancelled' },
	running: at(-1, 2),
	longer: at(-1, 3),
	soon: at(1),
	later: at(3),
	far: at(30 * 24 + 2),
	farther: at(33 * 24),
	farthest: at(90 * 24),
	noStart: { start: NaN },
	noEnd: { end: NaN },
};

function seen(space: string, name: string) {
	const { id = '00000006712', ...changes } = versions[name];
	const item: Details = {
		space,
		...at(24),
		description: 'Team meeting',
		applicant: 'ULTIMO',
		applicantName: 'Fasse, J.',
		status: 'Processed',
		...changes,
	};
	return { id, start: item.start, end: item.end, item };
}

/** Polls such as '1.5 A=one,other B=failed': hours since nine, and what each space lists then. */
function run(polls: string[], changed: Partial<Comparison> = {}): Change[][] {
	let picture = NOTHING;
	return polls.map((poll) => {
		const [hours, ...lists] = poll.split(' ').filter((word) => /=|\d/.test(word));
		const settings = { ...comparison, ...changed, now: NINE + Number(hours) * HOUR };
		const looks = new Map(
			lists.map((text): [string, Look] => {
				const [space, list] = text.split('=');
				if (list === 'failed' || list === 'refused') return [space, list];
				const [from, till] = windowOf(picture, space, settings);
				const found = list.split(',').filter(Boolean);
				return [space, { from, till, found: found.map((name) => seen(space, name)) }];
			}),
		);
		const result = compare(picture, looks, settings);
		picture = result.picture;
		return result.changes;
	});
}

/** What each poll lists, and after it what is told. */
const tables: Array<[label: string, ...polls: string[]]> = [
	['the first picture is taken silently', '0 A=one,other', '1 A=one,other'],
	['made', '0 A=', '1 A=one created', '2 A=one'],
	['moved in time', '0 A=one', '1 A=moved updated', '2 A=moved'],
	['another description', '0 A=one', '1 A=text updated', '2 A=text'],
	['another name of the same applicant', '0 A=one', '1 A=name'],
	['moved to another space', '0 A=one B=', '1 A= B=one updated', '2 A= B=one', '3 A= B=one'],
	['missing once', '0 A=one', '1 A=', '2 A=one', '3 A=', '4 A=one'],
	['missing twice', '0 A=one', '1 A=', '2 A= cancelled', '3 A=', '4 A='],
	['a status that says so', '0 A=one', '1 A=off cancelled', '2 A=off', '3 A=', '4 A='],
	['seen first when cancelled', '0 A=', '1 A=off', '2 A='],
	['cancelled and back', '0 A=one', '1 A=', '2 A= cancelled', '3 A=one created', '4 A=one'],
	['a list that failed', '0 A=one', '1 A=', '2 A=failed', '3 A=failed', '4 A=one'],
	[
		'a space that failed may have it',
		...['0 A=one B=', '1 A= B=failed', '2 A= B=failed', '3 A= B=failed', '4 A= B=one updated'],
	],
	[
		'a refused space has nothing',
		'0 A=one B=refused',
		'1 A= B=refused',
		'2 A= B=refused cancelled',
	],
	['made while the list failed', '0 A=', '1 A=failed', '2 A=one created'],
	['a new space', '0 A=', '1 A= B=one', '2 A= B=one,other created'],
	['a new space that fails at first', '0 A=', '1 A= B=failed', '2 A= B=one'],
	['a space taken out', '0 A=one B=', '1 B=', '2 B=', '3 B='],
	['a space taken out and back', '0 A=one B=', '1 B=', '2 A=other B='],
	['all spaces replaced', '0 A=one', '1 B=other', '2 B=other'],
	['comes into the window by itself', '0 A=', '216 A=farther', '217 A=farther'],
	['made beyond the window', '0 A=', '1 A=far', '3 A=far'],
	[
		'moved out of the window and back',
		'0 A=one',
		'1 A=farthest updated',
		'2 A=',
		'3 A=',
		'4 A=one updated',
	],
	['over, and no longer listed', '0 A=running', '2 A=', '3 A=', '60 A='],
	['cancelled at the last minute', '0 A=running', '0.9 A=', '2 A= cancelled'],
	['a time that nobody can read', '0 A=one', '1 A=noStart', '2 A=noEnd', '3 A=noEnd', '4 A=one'],
	['an unreadable one from the start', '0 A=noStart', '1 A=noStart'],
	['the same id twice in a list', '0 A=one,one', '1 A=one,moved', '2 A=one,moved'],
	[
		'the same id in two spaces',
		'0 A=one B=one',
		'1 A=one B=one',
		'2 B=one A=one',
		'3 A=one B=moved',
	],
	['seen in both while it moved', '0 A= B=one', '1 A=one B=one', '2 A=one B= updated'],
	[
		'its moments',
		...['0 A=soon', '0.7 A=soon', '0.75 A=soon startingSoon', '0.9 A=soon', '1 A=soon started'],
		...['1.9 A=soon', '2 A=soon ended', '3 A=soon'],
	],
	['a late poll tells them all', '0 A=soon', '5 A=soon startingSoon started ended', '6 A=soon'],
	['away for three days', '0 A=soon', '72 A=soon startingSoon started ended', '73 A=soon'],
	['no moment of what is missing', '0 A=soon', '1 A=', '1.1 A=soon startingSoon started'],
	['no moment without a list', '0 A=soon', '1 A=failed', '1.1 A=soon startingSoon started'],
	['running when seen first', '0 A=running', '0.5 A=running', '1 A=running ended'],
	['made after its start', '0 A=', '0.5 A=running created started', '1 A=running ended'],
	[
		'put off',
		'0 A=soon',
		'0.8 A=soon startingSoon',
		'0.9 A=later updated',
		'2.75 A=later startingSoon',
	],
	['longer', '0 A=running', '0.9 A=longer updated', '1.1 A=longer', '2 A=longer ended'],
	['shorter', '0 A=longer', '1.5 A=running updated ended', '2 A=running'],
	[
		'the clock jumps two days ahead and back',
		...['0 A=one', '48 A=one startingSoon started ended', '1 A=one', '2 A=one'],
	],
];

test.each(tables)('%s', (_, ...polls) => {
	const expected = polls.map((poll) => poll.split(' ').filter((word) => !/=|\d/.test(word)));
	expect(run(polls).map((changes) => changes.map(({ event }) => event))).toEqual(expected);
});

test('when one looks farther ahead, nothing there is new', () => {
	const looks = (list: Look) => new Map([['A', list]]);
	const [from, till] = windowOf(undefined, 'A', comparison);
	const first = compare(NOTHING, looks({ from, till, found: [] }), comparison);
	const farther = { ...comparison, now: NINE + HOUR, lookAheadMs: 100 * DAY };
	const found = [seen('A', 'farthest'), seen('A', 'other')];
	const window = windowOf(first.picture, 'A', farther);
	const second = compare(
		first.picture,
		looks({ from: window[0], till: window[1], found }),
		farther,
	);
	expect(second.changes.map(({ event, now }) => [event, now.start])).toEqual([
		['created', NINE + 26 * HOUR],
	]);
});

test('a change tells what was before, and how late it is', () => {
	versions.soonText = { ...versions.soon, description: 'Another' };
	const told = run(['0 A=soon', '0.5 A=soonText', '1.5 A=soonText']).flat();
	expect(
		told.map(({ event, key, before, lateMs }) => [event, key, before?.description, lateMs]),
	).toEqual([
		['updated', expect.stringMatching(/^00000006712:updated:1:\w+$/), 'Team meeting', undefined],
		['startingSoon', '00000006712:startingSoon:2026-11-25T10:00:00', undefined, 0.75 * HOUR],
		['started', '00000006712:started:2026-11-25T10:00:00', undefined, 0.5 * HOUR],
	]);
});

test('the window stays the same for an hour, and reaches back to what is not over', () => {
	const window = (minutes: number) =>
		windowOf(undefined, 'A', { ...comparison, now: NINE + minutes * 60_000 });
	expect(window(0)).toEqual([NINE - DAY, NINE + 31 * DAY + HOUR]);
	expect(window(59)).toEqual(window(0));
	expect(window(60)).toEqual(window(0).map((ms) => ms + HOUR));

	versions.long = at(-72, 96);
	const look: Look = { from: NINE - 4 * DAY, till: NINE + DAY, found: [seen('A', 'long')] };
	const { picture } = compare(NOTHING, new Map([['A', look]]), comparison);
	expect(windowOf(picture, 'A', comparison)[0]).toBe(NINE - 4 * DAY);
	expect(windowOf(picture, 'B', comparison)[0]).toBe(NINE - DAY);
});
