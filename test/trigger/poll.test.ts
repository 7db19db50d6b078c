import { meeting, minutes, office, published, watching } from '../support/office';
import { withFakeTime } from '../support/time.mts';
import { askedFor, listed, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();
beforeEach(() => jest.setSystemTime(new Date('2026-11-25T09:00:00Z')));

describe('what is told', () => {
	test('the first poll asks for the window, and tells nothing', async () => {
		const { seen } = office({ 'C-25': listed(meeting) });
		expect(await published().poll()).toBeNull();
		expect(seen).toEqual([
			askedFor('REST_GetReservationsForSpace', {
				SpaceId: 'C-25',
				From: '2026-11-24T09:00:00Z',
				Till: '2026-12-26T10:00:00Z',
			}),
		]);
	});

	test('made, moved, soon, started, ended: whole items', async () => {
		const { lists, trigger } = await watching({ 'C-25': listed() });
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
		const { lists, seen, trigger } = await watching({ 'C-25': listed(meeting) });
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

	test('a time without an offset is the same before and after the clocks are put back', async () => {
		jest.setSystemTime(new Date('2026-10-24T21:00:00Z'));
		const night = { StartTime: '2026-10-25T02:15:00', EndTime: '2026-10-25T02:45:00' };
		const { trigger } = await watching({ 'C-25': listed({ ...meeting, ...night }) });
		const told: unknown[] = [];
		for (let polls = 0; polls < 20; polls++) {
			minutes(30);
			told.push(...((await trigger.poll()) ?? []).map(({ eventKey }) => eventKey));
		}
		expect(told).toEqual([
			'00000006712:startingSoon:2026-10-25T00:15:00',
			'00000006712:started:2026-10-25T00:15:00',
			'00000006712:ended:2026-10-25T00:45:00',
		]);
	});

	test("a customer's own fields take no place of ours", async () => {
		const { lists, trigger } = await watching({ 'C-25': listed() });
		lists['C-25'] = listed({ ...meeting, event: 'x', eventKey: 'y', SpaceId: 'z', Extra: 1 });
		expect(await trigger.poll()).toEqual([
			{
				event: 'created',
				eventKey: '00000006712:created:0',
				SpaceId: 'C-25',
				...meeting,
				Extra: 1,
			},
		]);
	});

	test('a status that says so', async () => {
		const { lists, trigger } = await watching({ 'C-25': listed(meeting) });
		lists['C-25'] = listed({ ...meeting, Status: 'Geannuleerd' });
		expect(await trigger.poll()).toEqual([
			expect.objectContaining({ event: 'cancelled', Status: 'Geannuleerd' }),
		]);
	});

	test('only the events that were chosen, of reservations that fit or did', async () => {
		const other = { ...meeting, UltimoId: '2', ApplicantId: 'BAKKER' };
		const filters = { applicantId: 'ultimo' };
		const { lists, trigger } = await watching(
			{ 'C-25': listed(other) },
			{ parameters: { events: ['created', 'updated'], filters } },
		);
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
		const { lists, trigger } = await watching(
			{ 'C-25': listed(meeting) },
			{ parameters: { events: ['created', 'updated', 'cancelled'] } },
		);
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
		trigger.setup.credential = { apiKey: 'one-that-may-read-more' };
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
