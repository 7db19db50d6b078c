import { ALL, meeting, minutes, office, published, watching } from '../support/office';
import { ENVIRONMENT } from '../support/n8n.mts';
import type { PublishedTrigger } from '../support/poll.mts';
import { withFakeTime } from '../support/time.mts';
import { listed, refusal, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();
beforeEach(() => jest.setSystemTime(new Date('2026-11-25T09:00:00Z')));

describe("n8n's contract", () => {
	test('the picture is one text, and the same while nothing happens', async () => {
		const { trigger } = await watching({ 'C-25': listed(meeting) });
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
		['durable polls with durable cursors', { durable: true, cursors: true, budgetMs: 36_000 }],
	])('%s: a cancellation needs what a poll without events left', async (_, setup) => {
		const { lists, trigger } = await watching({ 'C-25': listed(meeting) }, setup);
		lists['C-25'] = listed();
		expect(await trigger.poll()).toBeNull();
		expect(await trigger.poll()).toHaveLength(1);
		expect(await trigger.poll()).toBeNull();
	});

	test('after a restart, what happened in between is told once', async () => {
		const { lists, trigger } = await watching({ 'C-25': listed(meeting) });
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
		const { lists, trigger } = await watching({ 'C-25': listed() });
		lists['C-25'] = listed(meeting);
		const before = trigger.saved;
		const first = await trigger.poll();
		trigger.saved = before;
		trigger.restart();
		expect(await trigger.poll()).toEqual(first);
	});

	test('two polls at once: one of them does nothing', async () => {
		const { lists, seen, trigger } = await watching({ 'C-25': listed() });
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
		const { lists, trigger } = await watching({ 'C-25': listed(meeting) });
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
		const { lists, trigger } = await watching({ 'C-25': listed() });
		trigger.setup.credential = { apiKey: 'another' };
		lists['C-25'] = listed(meeting);
		expect(await trigger.poll()).toHaveLength(1);
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
