import { runNode } from '../support/n8n.mts';
import { meeting, minutes, office, published, watching } from '../support/office';
import { withFakeTime } from '../support/time.mts';
import { fieldOf, listed, refusal, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();
beforeEach(() => jest.setSystemTime(new Date('2026-11-25T09:00:00Z')));

describe('trouble', () => {
	const down = { status: 503, body: '<html>' };

	test('one poll that fails passes silently, the second in a row is told, and so on', async () => {
		const { lists, trigger } = await watching({ 'C-25': listed() });
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

	test('so does one of many spaces that a gateway answers for', async () => {
		const spaceIds = Array.from({ length: 60 }, (_, index) => `C-${index}`);
		ultimo(() => down);
		const trigger = published({ parameters: { spaceIds } });
		expect(await trigger.poll()).toBeNull();
		await expect(trigger.poll()).rejects.toMatchObject({
			description: expect.stringContaining('60 of 60 spaces could not be listed'),
		});
	});

	test('so does one that Ultimo told another run to stay away', async () => {
		const seen = ultimo(() => ({ status: 429, headers: { 'retry-after': '7200' } }));
		await runNode({ items: [{ UltimoId: '00000006712' }] });
		const trigger = published();
		expect(await trigger.poll()).toBeNull();
		expect(seen).toHaveLength(1);
		await expect(trigger.poll()).rejects.toMatchObject({
			message: expect.stringMatching(/Ultimo throttles all .*\[Throttled\]$/),
			failure: { cause: 'temporarily-unavailable' },
		});
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

	test.each([
		['fails', { status: 503 }],
		['is refused', refusal('1200', 'Unknown space.')],
	])('a space that lacks something, and then %s', async (_, reply) => {
		const { lists, spaces, trigger } = await watching(
			{ 'C-25': listed(meeting), 'C-26': listed() },
			{ parameters: { spaceIds: ['C-25', 'C-26'] } },
		);
		lists['C-25'] = listed();
		expect(await trigger.poll()).toBeNull();
		lists['C-25'] = reply;
		const asked = spaces().length;
		const outcome = await trigger.poll().catch(({ message }) => message);
		expect([null, 'Space C-25: Unknown space [1200]']).toContain(outcome);
		expect(spaces().slice(asked)).toEqual(expect.arrayContaining(['C-25', 'C-26']));
		lists['C-25'] = listed();
		expect((await trigger.poll())?.map(({ event }) => event)).toEqual(['cancelled']);
	});

	test('while a space fails, no other is asked about what it lacks', async () => {
		const { lists, spaces, trigger } = await watching(
			{ 'C-25': listed(meeting), 'C-26': listed() },
			{ parameters: { spaceIds: ['C-25', 'C-26'] } },
		);
		lists['C-25'] = listed();
		await trigger.poll();
		lists['C-26'] = { status: 404 };
		await trigger.poll().catch(() => null);
		expect(spaces()).toEqual(['C-25', 'C-26', 'C-25', 'C-26', 'C-25', 'C-26']);
	});

	test('what was found is told before the space that failed', async () => {
		const { lists, trigger } = await watching(
			{ 'C-25': listed() },
			{ parameters: { spaceIds: ['C-25', 'C-26'] } },
		);
		lists['C-26'] = refusal('1200', 'Unknown space.');
		lists['C-25'] = listed(meeting);
		expect((await trigger.poll())?.map(({ event }) => event)).toEqual(['created']);
		await expect(trigger.poll()).rejects.toMatchObject({
			message: 'Space C-26: Unknown space [1200]',
			description: expect.stringContaining('1 of 2 spaces could not be listed: C-26.'),
		});
	});

	test('a quota that is used up passes silently once, then is told', async () => {
		const { lists, trigger } = await watching({ 'C-25': listed() }, { budgetMs: 36_000 });
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
		const asked = () => fieldOf(seen.splice(0), 'SpaceId');
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
		[
			'days that end before what starts soon',
			{ lookAheadDays: 1, minutesBefore: 1440 },
			'Look Ahead (Days): 1 days are no longer than Minutes Before',
		],
		['days', { lookAheadDays: 'x' }, 'Look Ahead (Days): x is not a number from 1 to 365'],
	])('%s: asks nothing', async (_, changes, message) => {
		const { seen } = office({});
		await expect(published({ parameters: changes }).poll()).rejects.toMatchObject({ message });
		expect(seen).toEqual([]);
	});
});
