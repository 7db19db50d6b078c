import { parameters as create } from '../support/create';
import { runNode, type Setup } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { inThePast, ok, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();

const items = [
	{
		UltimoId: '00000006710',
		SpaceId: 'C-25',
		StartTime: '2021-04-20T08:00:00.000000+12:00',
		Description: 'Team meeting',
	},
	{ UltimoId: '00000006711', SpaceId: 'C-26', cancelled: 'maybe', row: { number: 2 } },
];
const options = { includeInputFields: true };
const run = (setup: Setup) => fast(runNode({ items, parameters: { options }, ...setup }));

it('Cancel: tells what it cancelled; where both have a field, the result counts', async () => {
	const seen = ultimo(() => ok);
	const { json } = await run({});
	expect(seen.map(({ body }) => body)).toEqual(items.map(({ UltimoId }) => ({ UltimoId })));
	expect(json).toEqual(items.map((item) => ({ ...item, cancelled: true })));
});

it('what an earlier step said of its own request is not true of this one', async () => {
	ultimo(() => ok);
	const dry = { ...items[0], cancelled: false, dryRun: true, found: true, code: 'A7' };
	const skipped = { ...items[1], skipped: true, code: '1166', message: 'In the past.' };
	const { json } = await run({ items: [dry, skipped] });
	expect(json).toEqual([
		{ ...items[0], code: 'A7', cancelled: true },
		{ ...items[1], cancelled: true },
	]);
});

it('Update: the new times are in place of the old', async () => {
	const seen = ultimo(() => ok);
	const times = { startTime: '2026-11-22T10:00:00', endTime: '2026-11-22T11:00:00' };
	const { json } = await run({
		items: [items[0]],
		parameters: { operation: 'update', ...times, options },
	});
	expect(seen).toHaveLength(1);
	expect(json).toEqual([
		{
			UltimoId: '00000006710',
			SpaceId: 'C-25',
			Description: 'Team meeting',
			StartTime: '2026-11-22T10:00:00+01:00',
			EndTime: '2026-11-22T11:00:00+01:00',
			updated: true,
		},
	]);
});

it('equal items are one request, and each keeps its own fields', async () => {
	const seen = ultimo(() => ok);
	const twice = [items[0], { ...items[0], Description: 'From another list' }];
	const { json } = await run({ items: twice });
	expect(seen).toHaveLength(1);
	expect(json).toEqual(twice.map((item) => ({ ...item, cancelled: true })));
});

it('can be another for each item', async () => {
	ultimo(() => ok);
	const parameters = {
		options: { includeInputFields: '={{ $json.UltimoId === "00000006711" }}' },
	};
	const { json } = await run({ parameters });
	expect(json).toEqual([
		{ UltimoId: '00000006710', cancelled: true },
		{ ...items[1], cancelled: true },
	]);
});

it('of an ignored code and of a dry run too', async () => {
	const seen = ultimo(() => inThePast);
	const ignored = await run({
		items: [items[1]],
		parameters: { options: { ...options, ignoreErrorCodes: '1166' } },
	});
	expect(ignored.json).toEqual([
		{
			...items[1],
			cancelled: false,
			skipped: true,
			code: '1166',
			message: expect.stringMatching(/past/),
		},
	]);
	expect(seen).toHaveLength(1);
	const dry = await run({
		items: [items[1]],
		parameters: { options: { ...options, dryRun: true } },
	});
	expect(dry.json).toEqual([{ ...items[1], cancelled: false, dryRun: true }]);
	expect(seen).toHaveLength(1);
});

it("an earlier node's error does not make a success look like a failure", async () => {
	const seen = ultimo(() => ok);
	const failedBefore = { ...items[0], error: { message: 'of another node' } };
	const { outputs } = await run({
		items: [failedBefore],
		node: { onError: 'continueErrorOutput', retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
	});
	expect(seen).toHaveLength(1);
	expect(outputs.map((some) => some.map(({ json }) => json))).toEqual([
		[{ ...items[0], cancelled: true }],
		[],
	]);
});

it('a retry sends nothing again, and still has all fields', async () => {
	const seen = ultimo((_, index) =>
		index === 1 ? { status: 400, body: { code: '9', message: 'No' } } : ok,
	);
	const { json } = await run({
		node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		parameters: { options: { ...options, maxConcurrency: 1 } },
	});
	expect(seen.map(({ body }) => body)).toEqual(
		[items[0], items[1], items[1]].map(({ UltimoId }) => ({ UltimoId })),
	);
	expect(json).toEqual(items.map((item) => ({ ...item, cancelled: true })));
});

it.each([
	{ entered: '={{ "sometimes" }}', says: 'sometimes is neither true nor false' },
	{ entered: '={{ $json.nothing }}', says: 'is neither true nor false' },
	{ entered: '={{ {} }}', says: 'is neither true nor false' },
])('is refused before anything is sent: $entered', async ({ entered, says }) => {
	const seen = ultimo(() => ok);
	const { error } = await run({ parameters: { options: { includeInputFields: entered } } });
	expect(seen).toEqual([]);
	expect(error?.message).toContain('Include Input Fields: ');
	expect(error?.message).toContain(says);
});

it('Create and Get Many do not have it: their output is about something else', async () => {
	ultimo(() => ({ body: { properties: { UltimoId: '1' } } }));
	const { json } = await run({ items: [items[1]], parameters: { ...create, options } });
	expect(json[0]).not.toHaveProperty('row');
});
