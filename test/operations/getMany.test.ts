import { runNode } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { askedFor, listed, lost, ok, refusal, ultimo, withoutNetwork } from '../support/ultimo';
import { HOUR } from '../support/listing';

withoutNetwork();
withFakeTime();

const parameters = {
	operation: 'getAll',
	spaceId: 'C-25',
	from: '2026-11-22T10:00:00',
	till: '2026-11-29T10:00:00',
	returnAll: true,
};
const reservation = (number: number, start: number, changes: object = {}) => ({
	UltimoId: String(number).padStart(11, '0'),
	Description: 'Team meeting Front office',
	ApplicantId: 'ULTIMO',
	ApplicantName: 'Fasse, J.',
	StartTime: new Date(start).toISOString().replace('.000Z', '.000000+00:00'),
	EndTime: new Date(start + HOUR).toISOString().replace('.000Z', '.000000+00:00'),
	Status: 'Processed',
	...changes,
});
/** The body of a request for a list; others have no such fields. */
type Window = { UltimoId?: string; From?: string; Till?: string };
const MONDAY = Date.UTC(2026, 10, 23, 8);

it('sends exactly this, and gives one item a reservation, in order of start', async () => {
	const [first, second] = [reservation(6712, MONDAY), reservation(6710, MONDAY + HOUR)];
	const seen = ultimo(() => listed(second, first));
	const result = await runNode({ parameters });
	expect(seen).toEqual([
		askedFor('REST_GetReservationsForSpace', {
			SpaceId: 'C-25',
			From: '2026-11-22T09:00:00Z',
			Till: '2026-11-29T09:00:00Z',
		}),
	]);
	expect(result.items).toEqual([
		{ json: { ...first, SpaceId: 'C-25' }, pairedItem: { item: 0 } },
		{ json: { ...second, SpaceId: 'C-25' }, pairedItem: { item: 0 } },
	]);
});

it('is prefilled with now and a week on', async () => {
	jest.setSystemTime(new Date('2026-11-22T10:00:00.500Z'));
	const seen = ultimo(() => listed());
	const result = await fast(runNode({ parameters: { operation: 'getAll', spaceId: 'C-25' } }));
	expect(result.items).toEqual([]);
	expect(seen[0].body).toEqual({
		SpaceId: 'C-25',
		From: '2026-11-22T10:00:00Z',
		Till: '2026-11-29T10:00:00Z',
	});
});

it.each([
	['a date alone is the whole day', '2026-11-22', '2026-11-22', '21T23:00:00Z', '22T23:00:00Z'],
	[
		'luxon',
		'={{ DateTime.fromISO("2026-11-22T10:00Z") }}',
		'={{ DateTime.fromISO("2026-11-22T11:00Z") }}',
		'22T10:00:00Z',
		'22T11:00:00Z',
	],
	[
		'Date',
		'={{ new Date("2026-11-22T10:00Z") }}',
		'={{ new Date("2026-11-22T11:00Z") }}',
		'22T10:00:00Z',
		'22T11:00:00Z',
	],
])('%s', async (_, from, till, sentFrom, sentTill) => {
	const seen = ultimo(() => listed());
	await runNode({ parameters: { ...parameters, from, till } });
	expect(seen.map(({ body }) => body)).toEqual([
		{ SpaceId: 'C-25', From: `2026-11-${sentFrom}`, Till: `2026-11-${sentTill}` },
	]);
});

describe('answers', () => {
	const one = reservation(6712, MONDAY);
	it.each([
		[
			'Output as JSON in a text',
			{ properties: { Output: JSON.stringify({ collection: [one] }) } },
			1,
		],
		['Properties', { Properties: { Output: { collection: [one] } } }, 1],
		['other capitals', { properties: { output: { Collection: [one] } } }, 1],
		['an empty list', { properties: { Output: { collection: [] } } }, 0],
		['null for an empty list', { properties: { Output: { collection: null } } }, 0],
		['no list, as .NET does for an empty one', { properties: { Output: {} } }, 0],
		['no Output', { properties: {} }, 0],
		['null for the Output', { properties: { Output: null } }, 0],
		['an empty text for the Output', { properties: { Output: '' } }, 0],
		['null in a text', { properties: { Output: 'null' } }, 0],
		['an empty list in a text', { properties: { Output: '[]' } }, 0],
		['the list itself in a text', { properties: { Output: JSON.stringify([one]) } }, 1],
	])('%s', async (_, body, count) => {
		ultimo(() => ({ body }));
		expect((await runNode({ parameters })).json).toEqual(
			Array(count).fill({ ...one, SpaceId: 'C-25' }),
		);
	});

	it.each([
		['a text', { Output: 'soon' }],
		['a number', { Output: 0 }],
		['no', { Output: false }],
		['a text for the list', { Output: { collection: 'soon' } }],
		['a list of texts', { Output: { collection: ['00000006712'] } }],
		['other output than the list', { Output: { error: 'No such workflow step' } }],
		['another property than the Output', { Result: { collection: [one] } }],
		['an object for the list', { Output: { collection: { UltimoId: '00000006712' } } }],
	])('%s is no list, and no empty one either', async (_, properties) => {
		ultimo(() => ({ body: { properties } }));
		const { error, items } = await runNode({ parameters });
		expect(items).toEqual([]);
		expect(error?.message).toBe("Ultimo's answer holds no list of reservations");
		expect(error?.context).toMatchObject({ itemIndex: 0, outcome: 'refused' });
	});
});

describe('limit and filters', () => {
	const some = [
		reservation(1, MONDAY, { Description: 'Job INTERVIEW, part 1' }),
		reservation(2, MONDAY + HOUR, { ApplicantId: 'BAKKER' }),
		reservation(3, MONDAY + 2 * HOUR, { Status: 'Cancelled' }),
		reservation(4, MONDAY + 3 * HOUR, { ApplicantId: 'BAKKER', Description: 'job interview' }),
		reservation(5, MONDAY + 4 * HOUR, { ApplicantId: 'bakker', Description: undefined }),
	];
	it.each([
		[{ returnAll: false, limit: 2 }, [1, 2]],
		[{ returnAll: false, limit: 9 }, [1, 2, 3, 4, 5]],
		[{ returnAll: true, limit: 2 }, [1, 2, 3, 4, 5]],
		[{ filters: { applicantId: 'BAKKER' } }, [2, 4, 5]],
		[{ filters: { status: 'processed' } }, [1, 2, 4, 5]],
		[{ filters: { description: 'Interview' } }, [1, 4]],
		[{ filters: { description: 'interview', applicantId: 'BAKKER', status: 'Processed' } }, [4]],
		[{ returnAll: false, limit: 1, filters: { applicantId: 'BAKKER' } }, [2]],
		[{ filters: { applicantId: 'NOBODY' } }, []],
		[{ from: new Date(MONDAY + HOUR).toISOString(), onlyStarting: true }, [2, 3, 4, 5]],
		[{ from: new Date(MONDAY + HOUR + 1000).toISOString(), onlyStarting: 'true' }, [3, 4, 5]],
		[{ from: new Date(MONDAY + HOUR + 1000).toISOString() }, [1, 2, 3, 4, 5]],
	])('%j', async (changes, ids) => {
		const seen = ultimo(() => listed(...some));
		const items = (await runNode({ parameters: { ...parameters, ...changes } })).json;
		expect(items.map(({ UltimoId }) => Number(UltimoId))).toEqual(ids);
		expect(seen).toHaveLength(1);
	});
});

describe('more than Ultimo gives', () => {
	const many = Array.from({ length: 1000 }, (_, index) =>
		reservation(index, MONDAY + index * HOUR),
	);
	const give = ({ From, Till }: Window) =>
		listed(...many.filter((one) => one.StartTime < Till! && one.EndTime > From!).slice(0, 100));
	const year = { ...parameters, from: '2026-11-23', till: '2027-11-23' };

	it('lists 1,000 of a space completely: 13 requests, and 3 for the empty months after them', async () => {
		const seen = ultimo(give);
		const items = (await fast(runNode({ parameters: year }))).json;
		expect(items).toEqual(many.map((one) => ({ ...one, SpaceId: 'C-25' })));
		expect(seen).toHaveLength(16);
	});

	it('stops asking when Limit is reached for sure', async () => {
		const seen = ultimo(give);
		const parameters = { ...year, returnAll: false, limit: 50 };
		const items = (await fast(runNode({ parameters }))).json;
		expect(items.map(({ UltimoId }) => UltimoId)).toEqual(
			many.slice(0, 50).map((one) => one.UltimoId),
		);
		expect(seen).toHaveLength(2);
	});

	it('equal items of a run are listed once', async () => {
		const seen = ultimo(give);
		const result = await fast(
			runNode({ items: [{}, {}], parameters: { ...year, till: '2026-11-23' } }),
		);
		expect(seen).toHaveLength(1);
		expect(new Set(result.items.map(({ pairedItem }) => JSON.stringify(pairedItem))).size).toBe(2);
	});

	it('repeats a part whose answer is lost', async () => {
		const seen = ultimo((body, index) => (index === 3 ? lost('ECONNRESET') : give(body)));
		expect((await fast(runNode({ parameters: year }))).json).toHaveLength(1000);
		expect(seen[4].body).toEqual(seen[3].body);
	});

	it('gives nothing rather than a list with gaps', async () => {
		ultimo((body, index) => (index >= 3 ? refusal('9002', 'Unknown space.') : give(body)));
		const { items, error } = await fast(runNode({ parameters: year }));
		expect(items).toEqual([]);
		expect(error?.message).toBe('Unknown space [9002]');
	});

	it('says when 100 at one moment make a list impossible', async () => {
		const crowd = Array.from({ length: 100 }, (_, index) => reservation(index, MONDAY));
		ultimo(({ From, Till }: Window) =>
			listed(...crowd.filter((one) => one.StartTime < Till! && one.EndTime > From!)),
		);
		const { items, error } = await fast(runNode({ parameters: year }));
		expect(items).toEqual([]);
		expect(error?.message).toMatch(
			/^Space C-25 has more reservations from 2026-11-23T\S+\+01:00 to 2026-11-23T\S+\+01:00 than Ultimo gives$/,
		);
		expect(error?.description).toContain('Ultimo gives at most 100 at a time');
		expect(error?.context).toMatchObject({ itemIndex: 0, outcome: 'refused' });
	});
});

describe('what comes out goes into the next node as it is', () => {
	const one = { ...reservation(6712, MONDAY), SpaceId: 'C-25' };

	it('Get Many -> Cancel', async () => {
		const seen = ultimo(() => ok);
		await runNode({ items: [one] });
		expect(seen[0]).toMatchObject({
			path: '/api/v1/action/REST_CancelReservation',
			body: { UltimoId: '00000006712' },
		});
	});

	it('Get Many -> Update', async () => {
		const seen = ultimo(() => ok);
		const result = await runNode({ items: [one], parameters: { operation: 'update' } });
		const sent = {
			UltimoId: '00000006712',
			StartTime: '2026-11-23T08:00:00Z',
			EndTime: '2026-11-23T09:00:00Z',
		};
		expect(seen).toEqual([askedFor('REST_UpdateReservation', sent)]);
		expect(result.json).toEqual([
			{
				UltimoId: '00000006712',
				StartTime: '2026-11-23T09:00:00+01:00',
				EndTime: '2026-11-23T10:00:00+01:00',
				updated: true,
			},
		]);
	});
});
