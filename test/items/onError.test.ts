import { runNode, type Result } from '../support/n8n.mts';
import { fakeTime, fast, later } from '../support/time.mts';
import { fieldOf, inThePast, ok, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();

const items = ['00000006710', '00000006711', '00000006712'].map((UltimoId, row) => ({
	UltimoId,
	row,
}));
const secondIsPast = (body: { UltimoId?: string }) =>
	body.UltimoId === '00000006711' ? inThePast : ok;
const message =
	'Room reservation cannot be modified. Cause: Room reservation is in the past [1166]';
const error = {
	message: `${message}. Ultimo does not change reservations of the past. Leave such reservations out.`,
	code: '1166',
	httpStatus: 400,
	outcome: 'refused',
};
const cancelled = (UltimoId: string, item: number) => ({
	json: { UltimoId, cancelled: true },
	pairedItem: { item },
});

describe('On Error', () => {
	it('Stop Workflow: nothing new starts; the error names the item and what is done', async () => {
		const seen = ultimo(secondIsPast);
		const result = await runNode({ items, parameters: { options: { maxConcurrency: 1 } } });
		expect(seen.map(({ body }) => body)).toEqual([
			{ UltimoId: '00000006710' },
			{ UltimoId: '00000006711' },
		]);
		expect(result.items).toEqual([]);
		expect(result.error).toMatchObject({
			name: 'NodeApiError',
			message,
			httpCode: '400',
			context: { itemIndex: 1, code: '1166', outcome: 'refused', httpStatus: 400 },
		});
		expect(result.error?.description).toBe(
			'Ultimo does not change reservations of the past. Leave such reservations out. ' +
				'Failed: 00000006711 (item 1). Done: 00000006710 (item 0). Not sent: 1 more. To go on with the others, choose Continue (using error output) under Settings > On Error.',
		);
	});

	it('Stop Workflow: what is in flight is awaited', async () => {
		const seen = ultimo(secondIsPast);
		const result = await runNode({ items });
		expect(seen).toHaveLength(3);
		expect(result.error?.description).toMatch(
			/Done: 00000006710 \(item 0\), 00000006712 \(item 2\)\. To go on/,
		);
	});

	it('Continue: the failed item keeps its fields and says why', async () => {
		ultimo(secondIsPast);
		const result = await runNode({ items, node: { onError: 'continueRegularOutput' } });
		expect(result.outputs).toEqual([
			[
				cancelled('00000006710', 0),
				{ json: { ...items[1], error }, pairedItem: { item: 1 } },
				cancelled('00000006712', 2),
			],
		]);
		expect(result.error).toBeUndefined();
	});

	it('Continue: the failed item does not keep what an earlier step said of its own request', async () => {
		ultimo(secondIsPast);
		const skipped = { skipped: true, code: '1', message: 'No', cancelled: null };
		const before = [
			{ ...items[1], cancelled: false, dryRun: true, found: true, code: 'mine' },
			{ ...items[1], ...skipped },
			{ ...items[1], cancelled: true },
		];
		const result = await runNode({ items: before, node: { onError: 'continueRegularOutput' } });
		expect(result.json).toEqual([
			{ ...items[1], code: 'mine', error },
			{ ...items[1], error },
			{ ...items[1], cancelled: true, error },
		]);
	});

	it('Continue (using error output): the failed item goes there, with its fields', async () => {
		ultimo(secondIsPast);
		const result = await runNode({ items, node: { onError: 'continueErrorOutput' } });
		expect(result.outputs).toEqual([
			[cancelled('00000006710', 0), cancelled('00000006712', 2)],
			[{ json: { ...items[1], error }, pairedItem: { item: 1 } }],
		]);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'%s: a credential that can not be used fails each item and sends nothing',
		async (onError) => {
			const seen = ultimo(() => ok);
			const result = await runNode({ items, node: { onError }, credential: { baseUrl: 'ultimo' } });
			expect(seen).toEqual([]);
			expect(result.outputs.at(-1)).toEqual(
				items.map((json, item) => ({
					json: {
						...json,
						error: {
							message:
								'The Environment URL is not a web address. Enter something like https://customer.ultimo.net. Correct it in the credential "Ultimo API" of this node.',
							outcome: 'notSent',
						},
					},
					pairedItem: { item },
				})),
			);
		},
	);

	it.each([
		[{ apiKey: ' ' }, 'The API Key of the credential is empty'],
		[{ overrideElementIds: true, cancelElementId: 'x' }, 'The element ID for Cancel'],
		[{ useClientCertificate: true }, 'Client Certificate of the credential'],
	])('a mistake in the credential is named, and nothing is sent: %j', async (credential, words) => {
		const seen = ultimo(() => ok);
		const { error } = await runNode({ items, credential });
		expect(seen).toEqual([]);
		expect(error?.name).toBe('NodeOperationError');
		expect(error?.message).toContain(words);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'%s: bad input is an error item of its own; the others are sent',
		async (onError) => {
			const seen = ultimo(() => ok);
			const result = await runNode({ items: [{ UltimoId: 6712 }, items[0]], node: { onError } });
			expect(seen.map(({ body }) => body)).toEqual([{ UltimoId: '00000006710' }]);
			const failed = result.outputs.at(-1)?.[0].json;
			expect(failed).toMatchObject({ UltimoId: 6712, error: { outcome: 'notSent' } });
		},
	);

	it('Stop Workflow: one bad input, and nothing is sent at all', async () => {
		const seen = ultimo(() => ok);
		const result = await runNode({ items: [...items, { UltimoId: 6712 }] });
		expect(seen).toEqual([]);
		expect(result.error).toMatchObject({
			name: 'NodeOperationError',
			message: 'Reservation: Ultimo IDs are text: 6712 lost its leading zeros',
			context: { itemIndex: 3 },
		});
	});

	it('Stop Workflow: items that still wait for the quota are not sent any more', async () => {
		const seen = ultimo(() => inThePast);
		const result = await runNode({ items, credential: { requestsPer10Seconds: 1 } });
		expect(seen).toHaveLength(1);
		expect(result.error?.description).toMatch(
			/Failed: 00000006710 \(item 0\)\. Not sent: 2 more\. To go on/,
		);
	});

	it('Stop Workflow: nothing starts when the one that tries out the quota again fails', async () => {
		fakeTime();
		// By that of a run before, which goes on to wait, the quota is used up.
		let quota = true;
		const seen = ultimo(({ UltimoId }) => {
			if (UltimoId === '00000006710') return inThePast;
			return UltimoId === 'first' && quota ? { status: 429 } : ok;
		});
		const many = [items[0], ...Array.from({ length: 8 }, (_, i) => ({ UltimoId: `R${i}` }))];
		let stop = () => {};
		const started = ({ stop: end }: { stop(): void }) => (stop = end);
		const first = runNode({ items: [{ UltimoId: 'first' }], started });
		let second: Promise<Result> | undefined;
		later(2_000, () => (second = runNode({ items: many })));
		later(4_000, () => stop());
		await fast(first);
		quota = false;
		const { error: failure } = await fast(second!);
		jest.useRealTimers();
		expect(fieldOf(seen, 'UltimoId').filter((id) => id !== 'first')).toEqual(['00000006710']);
		expect(failure?.description).toContain('Not sent: 8 more.');
	});

	it('Stop Workflow: items that were throttled are not sent again, and are told as not sent', async () => {
		fakeTime();
		const throttled = new Set<string>();
		const seen = ultimo(({ UltimoId = '' }) => {
			if (UltimoId === '00000006711') return inThePast;
			if (throttled.has(UltimoId)) return ok;
			throttled.add(UltimoId);
			return { status: 429 };
		});
		const credential = { requestsPer10Seconds: 0 };
		const result = await fast(runNode({ items, credential }));
		jest.useRealTimers();
		expect(seen).toHaveLength(3);
		expect(result.error?.description).toMatch(
			/Failed: 00000006711 \(item 1\)\. Not sent: 2 more\. To go on/,
		);
	});

	it('Stop Workflow: of 2,000 items the first are named, and all are counted', async () => {
		ultimo(({ UltimoId }) => (UltimoId === 'R1500' || UltimoId === 'R700' ? inThePast : ok));
		const many = Array.from({ length: 2000 }, (_, row) => ({ UltimoId: `R${row}` }));
		const { error: stopped } = await runNode({
			items: many,
			credential: { requestsPer10Seconds: 0 },
			parameters: {
				options: {
					ignoreErrorCodes: '={{ $json.UltimoId === "R700" ? 1166 : "" }}',
					maxConcurrency: 1,
				},
			},
		});
		expect(stopped?.description).toMatch(
			/Done: R0 \(item 0\), .*R19 \(item 19\) and 1480 more \(items 20 to 1499\)\. Not sent: 499 more\. To go on/,
		);
		expect(stopped?.description?.length).toBeLessThan(700);
	}, 60_000);

	it('Stop Workflow: the places of the others are bounded too', async () => {
		ultimo(({ UltimoId }) => (Number(UltimoId?.slice(1)) % 2 ? inThePast : ok));
		const many = Array.from({ length: 200 }, (_, row) => ({ UltimoId: `R${row}` }));
		const { error: stopped } = await runNode({
			items: many,
			credential: { requestsPer10Seconds: 0 },
			parameters: { options: { maxConcurrency: 200 } },
		});
		expect(stopped?.description?.length).toBeLessThan(2500);
	}, 60_000);

	it('one odd 404 does not end what has worked so far', async () => {
		const seen = ultimo(({ UltimoId }) =>
			UltimoId === '00000006711' ? { status: 404, body: '' } : ok,
		);
		const result = await runNode({
			items,
			node: { onError: 'continueRegularOutput' },
			parameters: { options: { maxConcurrency: 1 } },
		});
		expect(seen).toHaveLength(3);
		expect(result.items[2]).toEqual(cancelled('00000006712', 2));
	});

	it('keeps a refused key from using up the quota: nothing more is sent', async () => {
		const seen = ultimo(() => ({
			status: 401,
			body: { message: 'Missing API key', code: 'MissingApiKey' },
		}));
		const many = Array.from({ length: 30 }, (_, row) => ({ UltimoId: `R${row}` }));
		const result = await runNode({
			items: many,
			node: { onError: 'continueRegularOutput' },
			parameters: { options: { maxConcurrency: 2 } },
		});
		expect(seen).toHaveLength(2);
		expect(result.items).toHaveLength(30);
		const outcomes = result.items.map(({ json }) => (json.error as { outcome: string }).outcome);
		expect(outcomes).toEqual(['refused', 'refused', ...Array(28).fill('notSent')]);
	});
});

describe('options', () => {
	it('Ignore Error Codes: such items continue as skipped', async () => {
		ultimo(secondIsPast);
		const result = await runNode({
			items,
			parameters: { options: { ignoreErrorCodes: '1015, 1166' } },
		});
		expect(result.items).toEqual([
			cancelled('00000006710', 0),
			{
				json: { UltimoId: '00000006711', cancelled: false, skipped: true, code: '1166', message },
				pairedItem: { item: 1 },
			},
			cancelled('00000006712', 2),
		]);
	});

	it('Dry Run: checks everything and asks Ultimo nothing', async () => {
		const seen = ultimo(() => ok);
		const result = await runNode({ items, parameters: { options: { dryRun: true } } });
		expect(seen).toEqual([]);
		expect(result.items).toEqual(
			items.map(({ UltimoId }, item) => ({
				json: { UltimoId, cancelled: false, dryRun: true },
				pairedItem: { item },
			})),
		);
		const bad = await runNode({ items: [{}], parameters: { options: { dryRun: true } } });
		expect(bad.error?.message).toBe('Reservation: the ID is empty');
	});

	it('Dry Run: an expression counts for its item, also as text', async () => {
		const seen = ultimo(() => ok);
		const dry = [' true', 'false', true].map((dry, row) => ({ ...items[row], dry }));
		const options = { dryRun: '={{ $json.dry }}' };
		const result = await runNode({ items: dry, parameters: { options } });
		expect(seen.map(({ body }) => body)).toEqual([{ UltimoId: '00000006711' }]);
		expect(result.json.map((json) => json.cancelled)).toEqual([false, true, false]);
	});

	it('Dry Run: what is neither true nor false is refused', async () => {
		const seen = ultimo(() => ok);
		const options = { dryRun: '={{ "perhaps" }}' };
		const result = await runNode({ items, parameters: { options } });
		expect(seen).toEqual([]);
		expect(result.error?.message).toBe('Dry Run: perhaps is neither true nor false');
	});

	it.each([
		{ options: { maxConcurrency: 0 }, field: 'Requests at Once' },
		{ options: { giveUpAfter: -1 }, field: 'Longest Wait (Seconds)' },
		{ options: { timeout: 'soon' }, field: 'Timeout (Ms)' },
	])('refuses $options', async ({ options, field }) => {
		const seen = ultimo(() => ok);
		const result = await runNode({ items, parameters: { options } });
		expect(seen).toEqual([]);
		expect(result.error?.message.slice(0, field.length + 2)).toBe(`${field}: `);
	});

	it('sends the same ID once; every item that asked reports it', async () => {
		const seen = ultimo(() => ok);
		const result = await runNode({ items: [items[0], items[1], items[0]] });
		expect(seen).toHaveLength(2);
		expect(result.items).toEqual([
			cancelled('00000006710', 0),
			cancelled('00000006711', 1),
			cancelled('00000006710', 2),
		]);
		expect(result.items[0].json).not.toBe(result.items[2].json);
		expect(result.credentialReads).toBe(1);
	});

	it('takes the answer to the same ID as each of its items wants it', async () => {
		const seen = ultimo(() => inThePast);
		const twice = ['', '1166'].map((ignore) => ({ ...items[1], ignore }));
		const parameters = { options: { ignoreErrorCodes: '={{ $json.ignore }}' } };
		const node = { onError: 'continueRegularOutput' as const };
		const result = await runNode({ items: twice, parameters, node });
		expect(seen).toHaveLength(1);
		expect(result.items.map(({ json }) => [json.skipped, json.error])).toEqual([
			[undefined, error],
			[true, undefined],
		]);
	});
});
