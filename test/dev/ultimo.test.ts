/** The local Ultimo against its contract: other tests and the benchmarks believe its ledger. */

interface Reservation {
	UltimoId: string;
	ExternalId: string;
	Description: string;
	SpaceId: string;
	ApplicantId: string;
	start: number;
	end: number;
	status: 'Processed' | 'Cancelled';
}
interface Entry {
	acted: string | null;
	status: number | null;
	apiKeyOk: boolean;
	ultimoId: string | null;
	fault?: string;
	headers: Record<string, string>;
	body: unknown;
}
interface Local {
	url: string;
	ledger: Entry[];
	reservations: Map<string, Reservation>;
	cancellations(id: string): number;
	table(): Array<Record<string, unknown>>;
	stats(): { window: Record<string, number>; total: Record<string, number> };
	reset(): void;
	setOptions(changes: object): void;
	stop(): Promise<void>;
}

// By name, because the package's own compiler settings don't read .mts files; `tsc -p dev` checks them.
const { startUltimo } = jest.requireActual<{ startUltimo(options: object): Promise<Local> }>(
	'../../dev/ultimo/server.mts',
);
const { manyReservations } = jest.requireActual<{
	manyReservations(count: number, spaceId?: string, now?: number): Reservation[];
}>('../../dev/ultimo/seed.mts');

const elementIds = {
	REST_CancelReservation: '5d5a10ee-7b14-4dd4-8683-33822ea56f12',
	REST_CreateReservation: '0167a94a-5dae-4efe-bf13-029a47728b97',
	REST_UpdateReservation: '3736d834-fa5e-4edc-9abd-f38962ff8afd',
	REST_GetReservationsForSpace: '860ea091-4d76-47d9-a733-c3bb18440dde',
};
type Action = keyof typeof elementIds;

const noon = Date.parse('2030-05-06T12:00:00Z');
const at = (text: string) => Date.parse(`2030-05-${text}:00Z`);
const reservation = (number: number, start: string, end: string, SpaceId = 'C-25'): Reservation => ({
	UltimoId: `0000000${number}`,
	ExternalId: `cal-${number}`,
	Description: 'Team meeting Front office',
	SpaceId,
	ApplicantId: 'ULTIMO',
	start: at(start),
	end: at(end),
	status: 'Processed',
});
const seed = {
	spaces: [
		{ id: 'C-25', name: 'Meeting room 2' },
		{ id: '003.0.10', name: 'Board room', preparationMinutes: 15, cleanupMinutes: 30 },
	],
	applicants: [{ id: 'ULTIMO', name: 'Fasse, J.' }],
	reservations: [
		reservation(6712, '07T09:00', '07T10:00'),
		reservation(6710, '07T08:00', '07T09:00'),
		reservation(6711, '06T10:00', '06T12:00'),
		reservation(6713, '07T08:00', '07T10:00', '003.0.10'),
	],
};
const [later, first, past, board] = seed.reservations.map(({ UltimoId }) => UltimoId);

let now = noon;
let ultimo: Local;
const defaults = {
	seed,
	clock: () => now,
	apiKey: 'demo-key',
	requestsPerWindow: 100,
	requestsPerDay: 10_000,
	windowMs: 10_000,
	windowKind: 'sliding',
	refusedCount: false,
	retryAfter: 'none',
	latencyMs: 0,
	refuse: {},
	faults: undefined,
	workflowIds: {},
	maxPerGet: 100,
	rangeMeans: 'overlap',
	includeCancelled: false,
	cancelAgain: 'success',
	utcOffset: '+02:00',
	outputAsText: false,
	propertiesKey: 'properties',
	typeAsNumber: false,
};

beforeAll(async () => {
	ultimo = await startUltimo(defaults);
});
afterAll(() => ultimo.stop());
beforeEach(() => {
	now = noon;
	ultimo.setOptions(defaults);
	ultimo.reset();
});

async function post(action: Action, body: unknown, headers: object = {}, path?: string) {
	const response = await fetch(`${ultimo.url}${path ?? `/api/v1/action/${action}`}`, {
		method: 'POST',
		headers: {
			ApiKey: 'demo-key',
			ApplicationElementId: elementIds[action],
			'Content-Type': 'application/json',
			...headers,
		},
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	const text = await response.text();
	const parsed = /^\{.*\}$/.test(text) ? JSON.parse(text) : text;
	return { status: response.status, body: parsed, headers: response.headers };
}
const cancel = (UltimoId: unknown, headers?: object) =>
	post('REST_CancelReservation', { UltimoId }, headers);
const create = (changes: object = {}) =>
	post('REST_CreateReservation', {
		ExternalId: '',
		Description: 'Design review',
		SpaceId: 'C-25',
		StartTime: '2030-05-07T10:00:00Z',
		EndTime: '2030-05-07T11:00:00Z',
		ApplicantId: 'ULTIMO',
		...changes,
	});
const update = (UltimoId: string, StartTime: string, EndTime: string) =>
	post('REST_UpdateReservation', { UltimoId, StartTime, EndTime });
const list = (changes: object = {}) =>
	post('REST_GetReservationsForSpace', {
		SpaceId: 'C-25',
		From: '2030-05-07T00:00:00Z',
		Till: '2030-05-08T00:00:00Z',
		...changes,
	});
const success = { properties: {} };
const lastActed = () => ultimo.ledger.at(-1)?.acted;

describe('the four actions', () => {
	it('cancels', async () => {
		expect(await cancel(first)).toMatchObject({ status: 200, body: success });
		expect(ultimo.reservations.get(first)?.status).toBe('Cancelled');
	});

	it('creates, with an empty ExternalId too', async () => {
		expect(await create()).toMatchObject({
			status: 200,
			body: { properties: { UltimoId: '00000006714' } },
		});
		expect(ultimo.reservations.get('00000006714')).toMatchObject({
			SpaceId: 'C-25',
			start: at('07T10:00'),
			end: at('07T11:00'),
		});
	});

	it('updates, and does not stand in its own way', async () => {
		expect(await update(later, '2030-05-07T09:30:00Z', '2030-05-07T10:30:00Z')).toMatchObject({
			status: 200,
			body: success,
		});
		expect(ultimo.reservations.get(later)?.start).toBe(at('07T09:30'));
	});

	it('lists exactly the documented fields, by start', async () => {
		const { body } = await list({ SpaceId: '003.0.10' });
		expect(body).toEqual({
			properties: {
				Output: {
					collection: [
						{
							UltimoId: board,
							Description: 'Team meeting Front office',
							ApplicantId: 'ULTIMO',
							ApplicantName: 'Fasse, J.',
							StartTime: '2030-05-07T10:00:00.000000+02:00',
							EndTime: '2030-05-07T12:00:00.000000+02:00',
							StartTimeIncludingPreparationTime: '2030-05-07T09:45:00.000000+02:00',
							EndTimeIncludingCleanupTime: '2030-05-07T12:30:00.000000+02:00',
							Status: 'Processed',
						},
					],
				},
			},
		});
		expect(await ids()).toEqual([first, later]);
	});

	it.each([
		['2030-05-07 14:00:00', 'the environment’s zone', '07T12:00'],
		['2030-05-07T14:00:00Z', 'UTC', '07T14:00'],
	])('reads %s in %s', async (StartTime, _zone, start) => {
		await create({ StartTime, EndTime: '2030-05-07T15:00:00Z' });
		expect(ultimo.reservations.get('00000006714')?.start).toBe(at(start));
	});
});

async function ids(changes: object = {}) {
	const { Output } = (await list(changes)).body.properties;
	return Output.collection.map(({ UltimoId }: Reservation) => UltimoId);
}

describe('what Get leaves open', () => {
	const half = { From: '2030-05-07T08:30:00Z', Till: '2030-05-07T10:00:00Z' };
	it.each([
		['overlap', {}, half, [first, later]],
		['containment', { rangeMeans: 'containment' }, half, [later]],
		['touching is not overlapping', {}, { ...half, From: '2030-05-07T09:00:00Z' }, [later]],
		['at most maxPerGet, the earliest', { maxPerGet: 1 }, {}, [first]],
		['another space', {}, { SpaceId: '003.0.10' }, [board]],
	])('%s', async (_name, options, body, expected) => {
		ultimo.setOptions(options);
		expect(await ids(body)).toEqual(expected);
	});

	it('cancelled ones only when asked to', async () => {
		await cancel(first);
		expect(await ids()).toEqual([later]);
		ultimo.setOptions({ includeCancelled: true });
		expect((await list()).body.properties.Output.collection[0]).toMatchObject({
			UltimoId: first,
			Status: 'Cancelled',
		});
	});

	it('Output as text, Properties, type as number, another offset', async () => {
		ultimo.setOptions({
			outputAsText: true,
			propertiesKey: 'Properties',
			typeAsNumber: true,
			utcOffset: '-03:30',
		});
		const { collection } = JSON.parse((await list()).body.Properties.Output);
		expect(collection[0].StartTime).toBe('2030-05-07T04:30:00.000000-03:30');
		expect((await cancel(past)).body.type).toBe(3);
	});
});

const inThePast = { type: '3', code: '1166', message: expect.stringContaining('in the past') };
const roomTaken = {
	message:
		'Room reservation cannot be requested or processed.\r\nCause: Meeting room 2 is not available.',
	type: '3',
	code: '1015',
};

describe('refusals', () => {
	const bad = (field: string) => ({ code: '9004', message: expect.stringContaining(field) });
	it.each<[string, () => ReturnType<typeof post>, object]>([
		['cancel in the past', () => cancel(past), inThePast],
		['update in the past', () => update(past, '2030-05-08T08:00:00Z', '2030-05-08T09:00:00Z'), inThePast],
		['create on a taken room', () => create({ StartTime: '2030-05-07T09:59:59Z' }), roomTaken],
		['update onto another', () => update(later, '2030-05-07T08:59:59Z', '2030-05-07T10:00:00Z'), roomTaken],
		['unknown reservation', () => cancel('00000000001'), { code: '9001' }],
		['an id without its zeros', () => cancel('6710'), { code: '9001' }],
		['unknown space', () => list({ SpaceId: 'constructor' }), { code: '9002' }],
		['unknown applicant', () => create({ ApplicantId: 'NOBODY' }), { code: '9003' }],
		['a number for an id', () => cancel(6710), bad('UltimoId')],
		['an empty id', () => cancel(''), bad('UltimoId')],
		['an absent ExternalId', () => create({ ExternalId: undefined }), bad('ExternalId')],
		['Applicant for ApplicantId', () => create({ ApplicantId: undefined, Applicant: 'ULTIMO' }), bad('ApplicantId')],
		['a body that is no JSON', () => post('REST_CancelReservation', 'UltimoId=1'), bad('UltimoId')],
		['a null body', () => post('REST_CancelReservation', null), bad('UltimoId')],
		['an offset', () => list({ From: '2030-05-07T00:00:00+02:00' }), bad('From')],
		['fractions', () => list({ Till: '2030-05-07T00:00:00.000Z' }), bad('Till')],
		['T without Z', () => list({ Till: '2030-05-07T00:00:00' }), bad('Till')],
		['February 30th', () => list({ Till: '2030-02-30 00:00:00' }), bad('Till')],
		['an end before its start', () => create({ EndTime: '2030-05-07T10:00:00Z' }), bad('EndTime')],
	])('%s', async (_name, send, body) => {
		const answer = await send();
		expect(answer).toMatchObject({ status: 400, body });
		expect(lastActed()).toBeNull();
		expect([...ultimo.reservations.values()]).toEqual(seed.reservations);
	});

	it('lets a cancelled reservation’s room be taken', async () => {
		await cancel(first);
		const times = { StartTime: '2030-05-07T08:00:00Z', EndTime: '2030-05-07T09:00:00Z' };
		expect((await create(times)).status).toBe(200);
	});

	it('refuses the ids it was told to, with the answer it was told', async () => {
		ultimo.setOptions({ refuse: { [first]: { message: 'No.', code: '42', status: 200 } } });
		expect(await cancel(first)).toMatchObject({ status: 200, body: { message: 'No.', code: '42' } });
		expect((await cancel(later)).body).toEqual(success);
		expect(ultimo.cancellations(first)).toBe(0);
	});
});

describe('headers and paths', () => {
	const missing = { status: 401, body: { message: 'Missing API key', code: 'MissingApiKey' } };
	const forbidden = { status: 403, body: '' };
	const fine = { status: 200, body: success };
	const id = elementIds.REST_CancelReservation;
	it.each([
		['a wrong key', { ApiKey: 'other' }, missing],
		['an empty key', { ApiKey: '' }, missing],
		['another action’s id', { ApplicationElementId: elementIds.REST_CreateReservation }, forbidden],
		['an empty id', { ApplicationElementId: '' }, forbidden],
		['an id without dashes', { ApplicationElementId: id.replace(/-/g, '') }, fine],
		['an id in capitals', { ApplicationElementId: id.toUpperCase() }, fine],
		['no JSON content type', { 'Content-Type': 'text/plain' }, fine],
	])('%s', async (_name, headers, expected) => {
		expect(await cancel(first, headers)).toMatchObject(expected);
		expect(ultimo.cancellations(first)).toBe(expected === fine ? 1 : 0);
	});

	it('takes a customer’s own workflow in place of the vendor’s', async () => {
		ultimo.setOptions({ workflowIds: { REST_CancelReservation: 'abc-1' } });
		expect((await cancel(first)).status).toBe(403);
		expect((await cancel(first, { ApplicationElementId: 'ABC1' })).status).toBe(200);
	});

	it.each([
		['/api/V1/Action/REST_CancelReservation', 200],
		['/API/v1/action/rest_cancelreservation', 200],
		['/api/v1/action/REST_Other', 404],
		['/api/v1/action/constructor', 404],
		['/api/v2/action/REST_CancelReservation', 404],
		['/', 404],
	])('%s: %i', async (path, status) => {
		const answer = await post('REST_CancelReservation', { UltimoId: first }, {}, path);
		expect(answer.status).toBe(status);
		if (status === 404) expect(answer.headers.get('content-type')).toContain('text/html');
	});

	it.each(['GET', 'PUT', 'DELETE'])('%s is not allowed', async (method) => {
		const path = '/api/v1/action/REST_CancelReservation';
		expect((await fetch(ultimo.url + path, { method })).status).toBe(405);
	});

	it('refuses more than 20 MB', async () => {
		expect((await cancel('0'.repeat(20 * 1024 * 1024))).status).toBe(413);
	});
});

/** Each step: milliseconds after noon, and the status that a request then gets. */
type Steps = Array<[number, number]>;

describe('quota', () => {
	const two = { requestsPerWindow: 2 };
	it.each<[string, object, Steps]>([
		['sliding', two, [[0, 200], [9000, 200], [9999, 429], [10_000, 200], [18_999, 429], [19_000, 200]]],
		['fixed', { ...two, windowKind: 'fixed' }, [[9000, 200], [9999, 200], [9999, 429], [10_000, 200], [10_001, 200], [10_002, 429]]],
		['a shorter window', { ...two, windowMs: 100 }, [[0, 200], [0, 200], [99, 429], [100, 200]]],
		['none', { requestsPerWindow: 0, requestsPerDay: 0 }, [[0, 200], [0, 200], [0, 200]]],
		['refused ones count', { ...two, refusedCount: true }, [[0, 200], [0, 200], [5000, 429], [10_000, 200], [10_001, 429], [15_000, 429]]],
		['a day', { requestsPerDay: 1 }, [[0, 200], [20_000, 429], [12 * 3_600_000 - 1, 429], [12 * 3_600_000, 200]]],
	])('%s', async (_name, options, steps) => {
		ultimo.setOptions({ ...options });
		for (const [after, status] of steps) {
			now = noon + after;
			expect([after, (await list()).status]).toEqual([after, status]);
		}
	});

	it.each([
		['none', null],
		['seconds', '8'],
		['date', 'Mon, 06 May 2030 12:00:10 GMT'],
	])('Retry-After: %s', async (retryAfter, expected) => {
		ultimo.setOptions({ requestsPerWindow: 1, retryAfter });
		await list();
		now += 2500;
		const { status, body, headers } = await list();
		expect([status, headers.get('retry-after')]).toEqual([429, expected]);
		expect(body.message).toContain('exceeded the quota');
	});

	it('is not used up by callers without a key', async () => {
		ultimo.setOptions({ requestsPerWindow: 1 });
		await cancel(first, { ApiKey: 'other' });
		expect((await cancel(first)).status).toBe(200);
	});
});

describe('faults', () => {
	const ok = 200;
	it.each<[string, number | null, boolean, unknown]>([
		['resetBefore', null, false, null],
		['resetAfter', null, true, null],
		['error500', 500, false, 'Internal Server Error'],
		['error500After', 500, true, 'Internal Server Error'],
		['html502', 502, false, expect.stringContaining('<html>')],
		['cutJson', ok, true, '{"proper'],
		['emptyBody', ok, true, ''],
		['errorIn200', ok, false, inThePast],
		['slow', ok, true, success],
		['tooMany', 429, false, { message: expect.any(String) }],
	])('%s: status %s, acts: %s', async (kind, status, acts, body) => {
		ultimo.setOptions({ faults: { seed: 1, rate: 1, kinds: [kind], slowMs: 0 } });
		const answer = await cancel(first).catch(() => ({ status: null, body: null }));
		expect(answer).toMatchObject({ status, body });
		expect(ultimo.cancellations(first)).toBe(acts ? 1 : 0);
		expect(ultimo.ledger).toMatchObject([{ fault: kind, status, acted: acts ? 'cancelled' : null }]);
	});

	const met = async (seedOfFaults: number, rate: number) => {
		ultimo.setOptions({ requestsPerWindow: 0, faults: { seed: seedOfFaults, rate, slowMs: 0 } });
		ultimo.reset();
		for (let index = 0; index < 60; index++) await list().catch(() => null);
		return ultimo.ledger.map(({ fault }) => fault ?? null);
	};

	it('are the same for the same seed, and a higher rate only adds some', async () => {
		const few = await met(7, 0.2);
		expect(await met(7, 0.2)).toEqual(few);
		expect(await met(8, 0.2)).not.toEqual(few);
		const many = await met(7, 0.6);
		expect(many.filter(Boolean).length).toBeGreaterThan(few.filter(Boolean).length);
		few.forEach((fault, index) => fault && expect(many[index]).toBe(fault));
		expect(await met(7, 0)).toEqual(Array(60).fill(null));
	});
});

describe('ledger', () => {
	it('counts each real cancellation, also of a cancelled reservation', async () => {
		await cancel(first);
		await cancel(first);
		ultimo.setOptions({ cancelAgain: 'refused' });
		expect((await cancel(first)).body.code).toBe('9005');
		expect(ultimo.cancellations(first)).toBe(2);
		expect(ultimo.table()).toContainEqual({
			UltimoId: first,
			status: 'Cancelled',
			timesCancelled: 2,
			requests: 3,
		});
	});

	it('has every request, and the API key nowhere', async () => {
		await create();
		await cancel(later, { ApiKey: 'other-secret' });
		await post('REST_CancelReservation', {}, {}, '/elsewhere');
		expect(ultimo.ledger).toMatchObject([
			{ seq: 1, at: noon, acted: 'created', ultimoId: '00000006714', apiKeyOk: true, status: 200 },
			{ seq: 2, acted: null, body: { UltimoId: later }, apiKeyOk: false, status: 401 },
			{ seq: 3, action: null, path: '/elsewhere', status: 404 },
		]);
		expect(ultimo.ledger[0].headers).toMatchObject({ apikey: '***' });
		for (const path of ['/', '/state', '/ledger']) {
			const text = await (await fetch(ultimo.url + path)).text();
			expect(text).not.toMatch(/demo-key|other-secret/);
		}
		expect(ultimo.ledger).toHaveLength(3);
	});

	it('is counted for the page', async () => {
		await cancel(first);
		now += 10_000;
		ultimo.setOptions({ requestsPerWindow: 2 });
		await cancel(past);
		await cancel(later);
		await cancel(board);
		const window = { requests: 3, accepted: 1, refused: 1, overQuota: 1 };
		const total = { ...window, requests: 4, accepted: 2 };
		expect(ultimo.stats()).toEqual({ window, total });
		const state = await (await fetch(`${ultimo.url}/state`)).json();
		expect(state).toMatchObject({ window, total, days: ['2030-05-06', '2030-05-07', '2030-05-08'] });
		expect(state.reservations).toContainEqual(
			expect.objectContaining({ UltimoId: first, status: 'Cancelled', cancelledAt: noon, from: 2040 }),
		);
	});

	it('is emptied by reset, and the seed is untouched', async () => {
		await cancel(first);
		ultimo.reset();
		expect(ultimo.ledger).toEqual([]);
		expect([...ultimo.reservations.values()]).toEqual(seed.reservations);
	});
});

describe('seeds', () => {
	it('makes many that are in the future, apart, with ids of their own', () => {
		const many = manyReservations(500, 'C-25', noon);
		expect(new Set(many.map(({ UltimoId }) => UltimoId)).size).toBe(500);
		expect(many.every(({ start, SpaceId }) => start > noon && SpaceId === 'C-25')).toBe(true);
		many.slice(1).forEach(({ start }, index) => expect(start).toBe(many[index].end));
	});

	it('fills the days from today on by default, the first ids still to come', () => {
		ultimo.setOptions({ seed: undefined });
		ultimo.reset();
		const all = [...ultimo.reservations.values()];
		expect(all[0]).toMatchObject({ UltimoId: '00000006710', start: at('07T06:00') });
		expect(all.slice(0, 10).every(({ start }) => start > noon)).toBe(true);
		for (const one of all)
			for (const other of all)
				if (one !== other && one.SpaceId === other.SpaceId)
					expect(one.end <= other.start || other.end <= one.start).toBe(true);
	});
});
