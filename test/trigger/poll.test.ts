import { API_KEY, ENVIRONMENT } from '../support/n8n.mts';
import { PublishedTrigger, type Published } from '../support/poll.mts';
import { withFakeTime } from '../support/time.mts';
import { refusal, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();
beforeEach(() => jest.setSystemTime(new Date('2026-11-25T09:00:00Z')));

const ALL = ['created', 'updated', 'cancelled', 'startingSoon', 'started', 'ended'];
const parameters = { events: ALL, spaceSelection: 'several', spaceIds: 'C-25' };
const minutes = (count: number) => jest.setSystemTime(Date.now() + count * 60_000);

const meeting = {
	UltimoId: '00000006712',
	Description: 'Team meeting',
	ApplicantId: 'ULTIMO',
	ApplicantName: 'Fasse, J.',
	StartTime: '2026-11-26T10:00:00.000000+01:00',
	EndTime: '2026-11-26T11:00:00.000000+01:00',
	Status: 'Processed',
};
const listed = (...collection: object[]) => ({ body: { properties: { Output: { collection } } } });
type Reply =
	ReturnType<typeof listed> | ReturnType<typeof refusal> | { status: number; body?: string };

/** An Ultimo that gives each space's present list; `lists` may be changed between polls. */
function office(first: Record<string, Reply>) {
	const lists: Record<string, Reply> = first;
	const seen = ultimo((body) => lists[(body as { SpaceId: string }).SpaceId] ?? listed());
	const spaces = () => seen.map(({ body }) => (body as { SpaceId: string }).SpaceId);
	return { lists, seen, spaces };
}

const published = (setup: Published = {}) =>
	new PublishedTrigger({ ...setup, parameters: { ...parameters, ...setup.parameters } });

describe('what is told', () => {
	test('the first poll asks for the window, and tells nothing', async () => {
		const { seen } = office({ 'C-25': listed(meeting) });
		expect(await published().poll()).toBeNull();
		expect(seen).toEqual([
			{
				method: 'POST',
				path: '/api/v1/action/REST_GetReservationsForSpace',
				apiKey: API_KEY,
				elementId: '860ea091-4d76-47d9-a733-c3bb18440dde',
				body: { SpaceId: 'C-25', From: '2026-11-24T09:00:00Z', Till: '2026-12-26T10:00:00Z' },
			},
		]);
	});

	test('made, moved, soon, started, ended: whole items', async () => {
		const { lists } = office({ 'C-25': listed() });
		const trigger = published();
		await trigger.poll();
		minutes(1);
		lists['C-25'] = listed(meeting);
		const whole = { SpaceId: 'C-25', ...meeting };
		expect(await trigger.poll()).toEqual([
			{ event: 'created', eventKey: '00000006712:created:0', ...whole },
		]);
		minutes(1);
		expect(await trigger.poll()).toBeNull();
		const times = {
			StartTime: '2026-11-25T10:20:00.000000+01:00',
			EndTime: '2026-11-25T10:30:00.000000+01:00',
		};
		lists['C-25'] = listed({ ...meeting, ...times });
		expect(await trigger.poll()).toEqual([
			{
				event: 'updated',
				eventKey: expect.stringMatching(/^00000006712:updated:1:\w+$/),
				...whole,
				...times,
				previous: { StartTime: '2026-11-26T09:00:00Z', EndTime: '2026-11-26T10:00:00Z' },
			},
		]);
		minutes(5);
		const moment = (event: string, at: string, minutesLate: number) => ({
			event,
			eventKey: `00000006712:${event}:${at}`,
			...whole,
			...times,
			minutesLate,
		});
		expect(await trigger.poll()).toEqual([moment('startingSoon', '2026-11-25T09:20:00', 2)]);
		minutes(200);
		expect(await trigger.poll()).toEqual([
			moment('started', '2026-11-25T09:20:00', 187),
			moment('ended', '2026-11-25T09:30:00', 177),
		]);
		expect(await trigger.poll()).toBeNull();
	});

	test('missing: looked for farther ahead, then told as cancelled from what was known', async () => {
		const { lists, seen } = office({ 'C-25': listed(meeting) });
		const trigger = published();
		await trigger.poll();
		lists['C-25'] = listed();
		expect(await trigger.poll()).toBeNull();
		expect(await trigger.poll()).toEqual([
			{
				event: 'cancelled',
				eventKey: '00000006712:cancelled:1',
				SpaceId: 'C-25',
				UltimoId: '00000006712',
				Description: 'Team meeting',
				ApplicantId: 'ULTIMO',
				ApplicantName: 'Fasse, J.',
				StartTime: '2026-11-26T09:00:00Z',
				EndTime: '2026-11-26T10:00:00Z',
			},
		]);
		expect(seen).toHaveLength(4);
		expect(seen[3].body).toEqual({
			SpaceId: 'C-25',
			From: '2026-12-19T10:00:00Z',
			Till: '2027-03-28T10:00:00Z',
		});
	});

	test('a status that says so', async () => {
		const { lists } = office({ 'C-25': listed(meeting) });
		const trigger = published();
		await trigger.poll();
		lists['C-25'] = listed({ ...meeting, Status: 'Geannuleerd' });
		expect(await trigger.poll()).toEqual([
			expect.objectContaining({ event: 'cancelled', Status: 'Geannuleerd' }),
		]);
	});

	test('only the events that were chosen, of reservations that fit or did', async () => {
		const other = { ...meeting, UltimoId: '2', ApplicantId: 'BAKKER' };
		const { lists } = office({ 'C-25': listed(other) });
		const filters = { applicantId: 'ultimo' };
		const trigger = published({ parameters: { events: ['created', 'updated'], filters } });
		await trigger.poll();
		lists['C-25'] = listed(meeting, { ...other, Description: 'Another' });
		expect((await trigger.poll())?.map(({ event, UltimoId }) => [event, UltimoId])).toEqual([
			['created', '00000006712'],
		]);
		lists['C-25'] = listed({ ...meeting, ApplicantId: 'BAKKER' }, other);
		expect((await trigger.poll())?.map(({ event, UltimoId }) => [event, UltimoId])).toEqual([
			['updated', '00000006712'],
		]);
		lists['C-25'] = listed(other);
		expect([await trigger.poll(), await trigger.poll()]).toEqual([null, null]);
	});

	test.each([
		[
			'no id',
			[
				{ ...meeting, UltimoId: null },
				{ ...meeting, UltimoId: ' ' },
			],
		],
		[
			'no readable time',
			[
				{ ...meeting, StartTime: 'soon' },
				{ ...meeting, EndTime: 7 },
			],
		],
		['the same id twice', [meeting, meeting]],
		['nothing at all', [{}, {}]],
	])('a list with %s', async (_, collection) => {
		const { lists } = office({ 'C-25': listed(meeting) });
		const trigger = published({ parameters: { events: ['created', 'updated', 'cancelled'] } });
		await trigger.poll();
		lists['C-25'] = listed(...collection);
		await trigger.poll();
		lists['C-25'] = listed(meeting);
		expect([await trigger.poll(), await trigger.poll()]).toEqual([null, null]);
	});
});

describe('spaces and people by what they are called', () => {
	const people = {
		items: [{ Id: 'ULTIMO', Description: 'Fasse, J.', EmailAdress: 'j@example.com' }],
	};

	test('all spaces, and an e-mail address, are looked up once an hour', async () => {
		const lists: Record<string, ReturnType<typeof listed>> = {};
		const seen = ultimo((body, _, { method, path }) => {
			if (method === 'POST') return lists[(body as { SpaceId: string }).SpaceId] ?? listed();
			if (path.endsWith('/Employee')) return { body: people };
			return { body: { items: [{ Id: 'C-25' }, { Id: 'C-26' }] } };
		});
		const asked = () =>
			seen
				.splice(0)
				.map(({ body, path }) => (body as { SpaceId: string })?.SpaceId ?? path.split('/').at(-1));
		const filters = { applicantId: 'J@example.com' };
		const trigger = published({ parameters: { spaceSelection: 'all', spaceFilters: {}, filters } });
		await trigger.poll();
		expect(asked().sort()).toEqual(['C-25', 'C-26', 'Employee', 'Space']);
		minutes(59);
		lists['C-26'] = listed(meeting, { ...meeting, UltimoId: '2', ApplicantId: 'BAKKER' });
		expect((await trigger.poll())?.map(({ UltimoId, SpaceId }) => [UltimoId, SpaceId])).toEqual([
			['00000006712', 'C-26'],
		]);
		expect(asked()).toEqual(['C-25', 'C-26']);
		minutes(2);
		await trigger.poll();
		expect(asked()).toHaveLength(4);
	});

	test('when the spaces can not be listed, the poll failed, and none is taken for gone', async () => {
		let down = false;
		ultimo((_body, _index, { method }) => {
			if (method === 'POST') return listed(meeting);
			return down ? { status: 503 } : { body: { items: [{ Id: 'C-25' }] } };
		});
		const trigger = published({ parameters: { spaceSelection: 'all', spaceFilters: {} } });
		await trigger.poll();
		down = true;
		minutes(61);
		expect(await trigger.poll()).toBeNull();
		await expect(trigger.poll()).rejects.toMatchObject({
			description: expect.stringContaining('The last 2 polls failed'),
		});
		down = false;
		expect([await trigger.poll(), await trigger.poll()]).toEqual([null, null]);
	});
});

describe("n8n's contract", () => {
	test('the picture is one text, and the same while nothing happens', async () => {
		office({ 'C-25': listed(meeting) });
		const trigger = published();
		await trigger.poll();
		const first = trigger.staticData?.picture;
		expect(Object.keys(trigger.staticData!)).toEqual(['picture']);
		expect(first).toMatch(/^1\|https:/);
		minutes(30);
		await trigger.poll();
		expect(trigger.staticData?.picture).toBe(first);
	});

	test.each([
		['usual polls', {}],
		['durable polls, which keep nothing without events', { durable: true, budgetMs: 36_000 }],
	])('%s: a cancellation needs what a poll without events left', async (_, setup) => {
		const { lists } = office({ 'C-25': listed(meeting) });
		const trigger = published(setup);
		await trigger.poll();
		lists['C-25'] = listed();
		expect(await trigger.poll()).toBeNull();
		expect(await trigger.poll()).toHaveLength(1);
		expect(await trigger.poll()).toBeNull();
	});

	test('after a restart, what happened in between is told once', async () => {
		const { lists } = office({ 'C-25': listed(meeting) });
		const trigger = published();
		await trigger.poll();
		trigger.restart();
		minutes(30);
		const made = { ...meeting, UltimoId: '2' };
		lists['C-25'] = listed(made);
		expect((await trigger.poll())?.map(({ eventKey }) => eventKey)).toEqual(['2:created:0']);
		expect((await trigger.poll())?.map(({ event }) => event)).toEqual(['cancelled']);
		trigger.restart();
		expect(await trigger.poll()).toBeNull();
	});

	test('ended before the picture was kept: told again by the same key', async () => {
		const { lists } = office({ 'C-25': listed() });
		const trigger = published();
		await trigger.poll();
		lists['C-25'] = listed(meeting);
		const before = trigger.saved;
		const first = await trigger.poll();
		trigger.saved = before;
		trigger.restart();
		expect(await trigger.poll()).toEqual(first);
	});

	test('two polls at once: one of them does nothing', async () => {
		const { lists, seen } = office({ 'C-25': listed() });
		const trigger = published();
		await trigger.poll();
		lists['C-25'] = listed(meeting);
		const both = await Promise.all([trigger.poll(), trigger.poll()]);
		expect(both.filter((items) => items !== null)).toHaveLength(1);
		expect(seen).toHaveLength(2);
	});

	test.each<[string, (trigger: PublishedTrigger) => void]>([
		['another environment', ({ setup }) => (setup.credential = { company: '2' })],
		['a renamed node', (trigger) => ((trigger.setup.name = 'Renamed'), trigger.restart())],
		['other spaces', ({ setup }) => (setup.parameters!.spaceIds = 'C-26')],
	])('%s begins silently', async (_, change) => {
		const { lists } = office({ 'C-25': listed(meeting) });
		const trigger = published();
		await trigger.poll();
		change(trigger);
		lists['C-25'] = listed({ ...meeting, UltimoId: '2' });
		lists['C-26'] = listed({ ...meeting, UltimoId: '3' });
		expect([await trigger.poll(), await trigger.poll(), await trigger.poll()]).toEqual([
			null,
			null,
			null,
		]);
	});

	test('a new key of the same environment goes on', async () => {
		const { lists } = office({ 'C-25': listed() });
		const trigger = published();
		await trigger.poll();
		trigger.setup.credential = { apiKey: 'another' };
		lists['C-25'] = listed(meeting);
		expect(await trigger.poll()).toHaveLength(1);
	});
});

describe('trouble', () => {
	const down = { status: 503, body: '<html>' };

	test('one poll that fails passes silently, the second in a row is told, and so on', async () => {
		const { lists } = office({ 'C-25': listed() });
		const trigger = published();
		await trigger.poll();
		lists['C-25'] = down;
		expect(await trigger.poll()).toBeNull();
		await expect(trigger.poll()).rejects.toMatchObject({
			message: 'Space C-25: Ultimo or a gateway before it answered HTTP 503',
			description: expect.stringMatching(
				/1 of 1 spaces could not be listed: C-25\. The last 2 polls failed;/,
			),
			failure: { cause: 'temporarily-unavailable' },
		});
		lists['C-25'] = listed(meeting);
		expect(await trigger.poll()).toHaveLength(1);
		lists['C-25'] = down;
		expect(await trigger.poll()).toBeNull();
	});

	test.each([
		[
			'the key',
			refusal('MissingApiKey', 'Authorization failed: missing API key', 401),
			'credential-invalid',
		],
		['the address', { status: 404 }, 'configuration-invalid'],
		['a space that Ultimo refuses', refusal('1200', 'Unknown space.'), 'temporarily-unavailable'],
	])('%s is told at once', async (_, reply, cause) => {
		office({ 'C-25': reply });
		const error = await published()
			.poll()
			.catch((thrown) => thrown);
		expect(error).toMatchObject({
			failure: { cause },
			description: expect.stringContaining('C-25'),
		});
		expect(error.message).not.toContain('Authorization');
	});

	test('what was found is told before the space that failed', async () => {
		const { lists } = office({ 'C-25': listed() });
		const trigger = published({ parameters: { spaceIds: ['C-25', 'C-26'] } });
		await trigger.poll();
		lists['C-26'] = refusal('1200', 'Unknown space.');
		lists['C-25'] = listed(meeting);
		expect((await trigger.poll())?.map(({ event }) => event)).toEqual(['created']);
		await expect(trigger.poll()).rejects.toMatchObject({
			message: 'Space C-26: Unknown space [1200]',
			description: expect.stringContaining('1 of 2 spaces could not be listed: C-26.'),
		});
	});

	test('a quota that is used up passes silently once, then is told', async () => {
		const { lists } = office({ 'C-25': listed() });
		const trigger = published({ budgetMs: 36_000 });
		await trigger.poll();
		lists['C-25'] = { status: 429 };
		expect(await trigger.poll()).toBeNull();
		await expect(trigger.poll()).rejects.toMatchObject({
			message: expect.stringMatching(/^Space C-25: Ultimo refused the request: a quota is used up/),
		});
	});

	test('when the time runs out, the others have their turn at the next poll', async () => {
		const ids = Array.from({ length: 8 }, (_, index) => `R-${index}`);
		let slow = true;
		const seen = ultimo(() => {
			if (slow) minutes(1);
			return listed();
		});
		const asked = () => seen.splice(0).map(({ body }) => (body as { SpaceId: string }).SpaceId);
		const trigger = published({ budgetMs: 36_000, parameters: { spaceIds: ids } });
		expect(await trigger.poll()).toBeNull();
		expect(asked()).toEqual(ids.slice(0, 5));
		slow = false;
		expect(await trigger.poll()).toBeNull();
		expect(asked()).toEqual([...ids.slice(5), ...ids.slice(0, 5)]);
	});

	test.each([
		['no event', { events: [] }, 'Trigger On: no event is chosen'],
		['an unknown event', { events: ['deleted'] }, 'Trigger On: deleted is no event'],
		['no space', { spaceIds: '' }, 'Spaces: no spaces are given'],
		['minutes', { minutesBefore: 0 }, 'Minutes Before: 0 is not a number from 1 to 10080'],
		['days', { lookAheadDays: 'x' }, 'Look Ahead (Days): x is not a number from 1 to 365'],
	])('%s: asks nothing', async (_, changes, message) => {
		const { seen } = office({});
		await expect(published({ parameters: changes }).poll()).rejects.toMatchObject({ message });
		expect(seen).toEqual([]);
	});
});

describe('Fetch Test Event', () => {
	test('gives one of each kind at once, and touches nothing', async () => {
		const { seen } = office({ 'C-25': listed(meeting) });
		const trigger = published();
		const items = await trigger.fetchTestEvent();
		expect(items.map(({ event }) => event)).toEqual(ALL);
		expect(items[1]).toEqual({
			event: 'updated',
			eventKey: expect.stringMatching(/^00000006712:updated:1:\w+$/),
			SpaceId: 'C-25',
			...meeting,
			previous: { StartTime: '2026-11-26T08:00:00Z', EndTime: '2026-11-26T09:00:00Z' },
		});
		expect(seen).toHaveLength(1);
		expect([trigger.staticData, trigger.saved]).toEqual([undefined, '{}']);
	});

	test.each([
		['an empty space', listed()],
		['an Ultimo that is down', { status: 503 }],
	])('%s: one is made up', async (_, reply) => {
		office({ 'C-25': reply });
		const [item] = await published({ parameters: { events: ['started'] } }).fetchTestEvent();
		expect(item).toEqual({
			event: 'started',
			eventKey: '00000006710:started:2026-11-26T08:00:00',
			SpaceId: 'C-25',
			UltimoId: '00000006710',
			Description: 'Team meeting Front office',
			ApplicantId: 'ULTIMO',
			ApplicantName: 'Fasse, J.',
			StartTime: '2026-11-26T09:00:00.000000+01:00',
			EndTime: '2026-11-26T10:00:00.000000+01:00',
			StartTimeIncludingPreparationTime: '2026-11-26T09:00:00.000000+01:00',
			EndTimeIncludingCleanupTime: '2026-11-26T10:00:00.000000+01:00',
			Status: 'Processed',
			minutesLate: 0,
		});
	});

	test('a wrong key is told', async () => {
		office({ 'C-25': refusal('MissingApiKey', 'Missing API key', 401) });
		await expect(published().fetchTestEvent()).rejects.toMatchObject({
			message: 'Missing API key [MissingApiKey]',
		});
		expect(ENVIRONMENT).toContain('https');
	});
});
