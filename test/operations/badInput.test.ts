import { runNode } from '../support/n8n.mts';
import { ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();

const create = {
	operation: 'create',
	subject: 'Team meeting',
	spaceId: 'C-25',
	applicantId: 'ULTIMO',
	startTime: '2026-11-22T10:00:00',
	endTime: '2026-11-22T11:00:00',
};
const update = {
	operation: 'update',
	reservationId: { __rl: true, mode: 'id', value: '00000006712' },
	startTime: '2026-11-22T10:00:00',
	endTime: '2026-11-22T11:00:00',
};
const getAll = {
	operation: 'getAll',
	spaceId: 'C-25',
	from: '2026-11-22T10:00:00',
	till: '2026-11-29T10:00:00',
};
const cancel = { operation: 'cancel' };
const id = (value: string) => ({ reservationId: { __rl: true, mode: 'id', value } });

type Row = [parameters: object, field: string, says: string];

const IDS: Row[] = [
	[{ ...create, spaceId: '   ' }, 'Space', 'the ID is empty'],
	[{ ...create, spaceId: '={{ $json.nothing }}' }, 'Space', 'the ID is empty'],
	[{ ...create, spaceId: '={{ null }}' }, 'Space', 'the ID is empty'],
	[{ ...create, spaceId: '={{ 25 }}' }, 'Space', '25 lost its leading zeros'],
	[{ ...create, spaceId: '={{ 3.01 }}' }, 'Space', '3.01 lost its zeros'],
	[{ ...create, spaceId: '={{ ["C-25"] }}' }, 'Space', 'not text but a list'],
	[{ ...create, spaceId: '={{ {id: "C-25"} }}' }, 'Space', 'not text but of type object'],
	[{ ...create, spaceId: '={{ true }}' }, 'Space', 'not text but of type boolean'],
	[{ ...create, spaceId: 'C-25, C-26' }, 'Space', '"C-25, C-26" can\'t be an ID'],
	[{ ...create, spaceId: 'C-25\nC-26' }, 'Space', "can't be an ID"],
	[{ ...create, spaceId: 'undefined' }, 'Space', '"undefined" can\'t be an ID'],
	[{ ...create, spaceId: '[object Object]' }, 'Space', "can't be an ID"],
	[{ ...create, spaceId: 'x'.repeat(51) }, 'Space', `"${'x'.repeat(50)}…" can't be an ID`],
	[{ ...create, applicantId: '={{ 451 }}' }, 'Applicant', '451 lost its leading zeros'],
	[{ ...create, applicantId: 'null' }, 'Applicant', "can't be an ID"],
	[{ ...create, applicantId: '={{ ["A", "B"] }}' }, 'Applicant', 'not text but a list'],
	[{ ...getAll, spaceId: '={{ 3 }}' }, 'Space', '3 lost its leading zeros'],
	[{ ...update, ...id('={{ 6712 }}') }, 'Reservation', '6712 lost its leading zeros'],
	[{ ...update, ...id('6712, 6713') }, 'Reservation', "can't be an ID"],
	[{ ...cancel, ...id('={{ $json.nothing }}') }, 'Reservation', 'the ID is empty'],
	[{ ...cancel, ...id('={{ 6712 }}') }, 'Reservation', '6712 lost its leading zeros'],
	[{ ...cancel, ...id('={{ [] }}') }, 'Reservation', 'not text but a list'],
	[{ ...cancel, ...id('={{ {id: "A"} }}') }, 'Reservation', 'of type object: {"id":"A"}'],
	[{ ...cancel, ...id('={{ NaN }}') }, 'Reservation', 'not text but of type number: NaN'],
	// What a model writes where it knows none; Ultimo may well call such a thing cancelled.
	...['None', 'N/A', 'unknown', '-', '.'].map((none): Row => [
		{ ...cancel, ...id(none) },
		'Reservation',
		`"${none}" can't be an ID`,
	]),
	[{ ...create, spaceId: '={{ "Invalid DateTime" }}' }, 'Space', "can't be an ID"],
	[{ ...create, spaceId: 'C-25\u200b' }, 'Space', '"C-25\\u{200b}" can\'t be an ID'],
	[{ ...create, spaceId: 'C\u00a025' }, 'Space', '"C\\u{a0}25" can\'t be an ID'],
];

const TIMES: Row[] = [
	['={{ $json.nothing }}', 'the time is empty'],
	['={{ null }}', 'the time is empty'],
	['tomorrow', '"tomorrow" is no time'],
	['10:00', '"10:00" is no time'],
	['22-11-2026 10:00', '"22-11-2026 10:00" is no time'],
	['11/22/2026 10:00 AM', 'is no time'],
	['2026-W47-7T10:00', 'is no time'],
	['20261122T100000Z', 'is no time'],
	['2026-11-22T10', 'is no time'],
	['2026-1-2T10:00', 'is no time'],
	['2026-11-22T10:00:00+25:00', 'is no time'],
	['2026-11-22T10:00:00 CET', 'is no time'],
	['2026-11-22T10:00:00ZZ', 'is no time'],
	['={{ "Invalid DateTime" }}', '"Invalid DateTime" is no time'],
	[
		'={{ DateTime.fromISO("nonsense") }}',
		'the date is invalid: the input "nonsense" can\'t be parsed as ISO 8601',
	],
	['={{ DateTime.fromISO("2026-02-30") }}', 'you specified 30 (of type number) as a day'],
	['={{ new Date("nonsense") }}', 'the date is invalid'],
	['2026-11-22', '2026-11-22 has no time of day'],
	['2026-02-29T10:00:00', '2026-02-29T10:00:00 does not exist'],
	['2026-13-01T10:00:00Z', '2026-13-01T10:00:00 does not exist'],
	['2026-11-31T10:00:00Z', 'does not exist'],
	['2026-11-22T25:00:00', 'does not exist'],
	['2026-11-22T10:60:00', 'does not exist'],
	['2026-03-29T02:30:00', '2026-03-29T02:30:00 does not exist in Europe/Amsterdam'],
	['={{ 1795341600 }}', '1795341600 is a number, which could count seconds or milliseconds'],
	['={{ 1795341600000 }}', '1795341600000 is a number'],
	['1795341600', '1795341600 is a number'],
	['={{ true }}', 'is no time'],
	['2026-11-22T10:00:00\u200b', '"2026-11-22T10:00:00\\u{200b}" is no time'],
	['={{ NaN }}', '"NaN" is no time'],
	['={{ ["2026-11-22T10:00:00Z"] }}', 'is no time'],
	['={{ {date: "2026-11-22"} }}', 'is no time'],
	['0026-11-22T10:00:00Z', '0026-11-22T10:00:00Z lies outside the years 1900 to 2199'],
	['2200-01-01T00:00:00Z', 'lies outside the years 1900 to 2199'],
].flatMap(([value, says]): Row[] => [
	[{ ...create, startTime: value }, 'Start Time', says],
	[{ ...update, endTime: value }, 'End Time', says],
	// A date alone will do there.
	...(value === '2026-11-22' ? [] : [[{ ...getAll, from: value }, 'From', says] as Row]),
]);

const OTHERS: Row[] = [
	[{ ...create, endTime: '2026-11-22T09:00:00' }, 'End Time', 'is not after Start Time'],
	[{ ...create, endTime: create.startTime }, 'End Time', '2026-11-22T10:00:00+01:00 is not after'],
	[{ ...create, endTime: '2026-11-22T10:00:00.900' }, 'End Time', 'is not after Start Time'],
	[
		{ ...create, endTime: '2026-11-22T10:30:00+02:00' },
		'End Time',
		'2026-11-22T09:30:00+01:00 is not',
	],
	[{ ...update, endTime: '2025-11-22T11:00:00' }, 'End Time', 'is not after Start Time'],
	[{ ...getAll, till: '2026-11-22T10:00:00' }, 'Until', 'is not after From'],
	[{ ...getAll, till: '2026-11-21' }, 'Until', '2026-11-22T00:00:00+01:00 is not after From'],
	[{ ...create, spaceSelection: 'all' }, 'Which Spaces', 'all is none of its choices'],
	// As it was chosen for Create.
	[{ ...getAll, spaceSelection: 'firstFree' }, 'Which Spaces', 'firstFree is none of its choices'],
	[{ ...getAll, returnAll: '={{ $json.nothing }}' }, 'Return All', 'nothing is neither true nor'],
	[{ ...create, subject: ' ' }, 'Subject', 'the subject is empty'],
	[{ ...create, subject: '={{ $json.nothing }}' }, 'Subject', 'the subject is empty'],
	[{ ...create, subject: '={{ {text: 1} }}' }, 'Subject', '{"text":1} is of type object'],
	[{ ...create, subject: '={{ ["a"] }}' }, 'Subject', '["a"] is a list'],
	[{ ...create, subject: '={{ true }}' }, 'Subject', 'true is of type boolean'],
	[{ ...create, externalId: '={{ {} }}' }, 'External ID', '{} is of type object'],
	[{ ...create, externalId: '={{ 12345678901234567890 }}' }, 'External ID', 'is no exact number'],
	[{ ...getAll, limit: 0 }, 'Limit', '0 is not a number of results'],
	[{ ...getAll, limit: -5 }, 'Limit', '-5 is not a number'],
	[{ ...getAll, limit: 1.5 }, 'Limit', '1.5 is not a number'],
	[{ ...getAll, limit: '={{ "many" }}' }, 'Limit', 'many is not a number'],
	[{ ...getAll, limit: '={{ $json.nothing }}' }, 'Limit', ' nothing is not a number'],
	[{ ...cancel, ...id('7'), options: { timeout: '={{ "a" }}' } }, 'Timeout (Ms)', 'a is no number'],
	[{ ...cancel, ...id('7'), options: { timeout: '' } }, 'Timeout (Ms)', 'nothing is no number'],
	[{ ...getAll, filters: { applicantId: '' } }, 'Applicant', 'the filter is empty'],
	[{ ...getAll, filters: { applicantId: '={{ $json.no }}' } }, 'Applicant', 'the filter is empty'],
	[{ ...getAll, filters: { applicantId: '={{ 451 }}' } }, 'Applicant', '451 lost its leading'],
	[{ ...getAll, filters: { description: ' ' } }, 'Description Contains', 'the filter is empty'],
	[{ ...getAll, filters: { description: '={{ 7 }}' } }, 'Description Contains', '7 is not text'],
	[{ ...getAll, filters: { status: '={{ $json.no }}' } }, 'Status', 'the filter is empty'],
	[{ ...getAll, filters: { status: '={{ [] }}' } }, 'Status', '[] is not text'],
];

const spaces = { operation: 'getAll', from: getAll.from, till: getAll.till };
const several = (spaceIds: string) => ({ ...spaces, spaceSelection: 'several', spaceIds });
const all = (spaceFilters: object) => ({ ...spaces, spaceSelection: 'all', spaceFilters });
const people = (filters: object) => ({ resource: 'employee', operation: 'getAll', filters });
const rooms = (filters: object) => ({ resource: 'space', operation: 'getAll', filters });
const locator = (mode: string, value: string) => ({ __rl: true, mode, value });
const email = (value: string) => ({ ...create, applicantId: locator('email', value) });
const unbalanced = 'has a quote or bracket without its other half';

const OBJECTS: Row[] = [
	[email('={{ $json.nothing }}'), 'Applicant', 'the e-mail address is empty'],
	[email('Fasse, J.'), 'Applicant', '"Fasse, J." is no e-mail address'],
	[email('j fasse@example.com'), 'Applicant', '"j fasse@example.com" is no e-mail address'],
	[email('a@example.com, b@example.com'), 'Applicant', 'is no e-mail address'],
	[email('J. Fasse <j.fasse@example.com>'), 'Applicant', 'is no e-mail address'],
	[email('a@b@example.com'), 'Applicant', 'is no e-mail address'],
	[email('@example.com'), 'Applicant', 'is no e-mail address'],
	[email('a@example.com\u200b'), 'Applicant', '"a@example.com\\u{200b}" is no e-mail address'],
	[email(`${'x'.repeat(250)}@example.com`), 'Applicant', 'is no e-mail address'],
	[email('={{ 4711 }}'), 'Applicant', '4711 is no e-mail address'],
	[email('={{ ["a@example.com"] }}'), 'Applicant', '["a@example.com"] is no e-mail address'],
	[{ ...create, applicantId: locator('id', '={{ 451 }}') }, 'Applicant', '451 lost its leading'],
	[{ ...create, spaceId: locator('id', '={{ $json.nothing }}') }, 'Space', 'the ID is empty'],
	[{ ...create, spaceId: locator('id', 'C-25, C-26') }, 'Space', "can't be an ID"],
	[{ ...getAll, filters: { applicantId: 'j fasse@x.nl' } }, 'Applicant', 'is no e-mail address'],
	[several(' , ;'), 'Spaces', 'no spaces are given'],
	[several('={{ [] }}'), 'Spaces', 'no spaces are given'],
	[several('={{ $json.nothing }}'), 'Spaces', 'no spaces are given'],
	[several('={{ ["C-25", 26] }}'), 'Spaces', '26 lost its leading zeros'],
	[several('={{ ["C-25", null] }}'), 'Spaces', 'the ID is empty'],
	[several('={{ {C: 25} }}'), 'Spaces', 'not text but of type object'],
	[several('["C-25", "C-26"'), 'Spaces', "can't be an ID"],
	[several('={{ Array.from({length: 1001}, (_, i) => "C-" + i) }}'), 'Spaces', '1001 spaces'],
	[all({ search: '={{ $json.nothing }}' }), 'Search', 'the filter is empty'],
	[all({ site: '={{ 1 }}' }), 'Site', '1 is not text'],
	[all({ query: "Id eq 'a') or (Id eq 'b'" }), 'Ultimo Filter', unbalanced],
	[rooms({ query: "Description eq 'it's'" }), 'Ultimo Filter', unbalanced],
	[rooms({ query: "((Context eq 1) and Id eq 'a'" }), 'Ultimo Filter', unbalanced],
	[rooms({ query: "(Context eq 1' or (1 eq 1)" }), 'Ultimo Filter', unbalanced],
	[rooms({ search: 'x'.repeat(1001) }), 'Search', 'is too long'],
	[people({ email: 'nobody' }), 'Email', '"nobody" is no e-mail address'],
	[people({ externalId: '={{ 451 }}' }), 'External ID', '451 is not text'],
	[people({ search: ' ' }), 'Search', 'the filter is empty'],
	[{ ...rooms({}), simplify: '={{ $json.no }}' }, 'Simplify', 'is neither true nor false'],
	[{ ...people({}), simplify: '={{ "some" }}' }, 'Simplify', 'some is neither true nor false'],
	[{ ...people({}), limit: 0 }, 'Limit', '0 is not a number of results'],
];

const rows = [...OBJECTS, ...IDS, ...TIMES, ...OTHERS];

test('there are 60 or more', () => expect(rows.length).toBeGreaterThanOrEqual(60));

test.each(rows)('%j: %s', async (parameters, field, says) => {
	const seen = ultimo(() => ({ body: { properties: {} } }));
	const { error, items } = await runNode({ items: [{ n: 1 }], parameters: { ...parameters } });
	expect(seen).toEqual([]);
	expect(items).toEqual([]);
	expect(error?.name).toBe('NodeOperationError');
	expect(error?.message).toContain(`${field}: `);
	expect(error?.message).toContain(says);
	expect(error?.description).toMatch(/^\S.+\./);
	expect(error?.context).toMatchObject({ itemIndex: 0 });
});

/** A field of this name, as a model may make it up, is no function. */
test.each<[object, string]>([
	[{ ...create, startTime: '={{ $json.odd }}' }, 'Start Time: "{"toString":1,"valueOf":1'],
	[{ ...update, endTime: '={{ $json.time }}' }, 'End Time: "{"isLuxonDateTime":true'],
	[{ ...create, spaceId: '={{ $json.odd }}' }, 'Space: the ID is not text but of type object'],
	[{ ...create, subject: '={{ $json.odd }}' }, 'Subject: {"toString":1'],
	[{ ...getAll, limit: '={{ $json.odd }}' }, 'Limit: {"toString":1'],
	[{ ...getAll, returnAll: '={{ $json.odd }}' }, 'Return All: {"toString":1'],
	[{ ...getAll, filters: { status: '={{ $json.odd }}' } }, 'Status: {"toString":1'],
	[{ ...several('={{ [$json.odd] }}') }, 'Spaces: the ID is not text but of type object'],
	[{ ...rooms({}), simplify: '={{ $json.odd }}' }, 'Simplify: {"toString":1'],
	[{ ...cancel, options: { dryRun: '={{ $json.odd }}' } }, 'Dry Run: {"toString":1'],
	[{ ...cancel, options: { timeout: '={{ $json.odd }}' } }, 'Timeout (Ms): {"toString":1'],
	[{ ...cancel, ...id('={{ $json.odd }}') }, 'Reservation: the ID is not text but of type object'],
	[
		{ ...create, options: { ifReserved: '={{ $json.odd }}' } },
		'If Already Reserved: {"toString":1',
	],
])('%j, which is an object with a field toString', async (parameters, says) => {
	const seen = ultimo(() => ({ body: { properties: {} } }));
	const time = { isLuxonDateTime: true, toMillis: 1 };
	const odd = { toString: 1, valueOf: 1, toJSON: 1 };
	const { error } = await runNode({ items: [{ odd, time }], parameters: { ...parameters } });
	expect(seen).toEqual([]);
	expect(error?.message).toContain(says);
});

test('ignored codes may be a list, and one of them anything', async () => {
	const seen = ultimo(() => ({ status: 400, body: { message: 'No', code: '1166' } }));
	const { items } = await runNode({
		items: [{ UltimoId: '1', odd: { toString: 1 } }],
		parameters: { ...cancel, options: { ignoreErrorCodes: '={{ [$json.odd, "1166"] }}' } },
	});
	expect(seen).toHaveLength(1);
	expect(items[0].json).toMatchObject({ skipped: true, code: '1166' });
});

test.each([create, update, getAll, cancel])(
	'$operation: one bad item stops all before any request',
	async (good) => {
		const seen = ultimo(() => ({ body: { properties: {} } }));
		const field =
			good.operation === 'cancel' || good.operation === 'update'
				? id('={{ $json.value }}')
				: { spaceId: '={{ $json.value }}' };
		const { error } = await runNode({
			items: [{ value: '00000006712' }, { value: 6712 }, { value: '00000006713' }],
			parameters: { ...good, ...field },
		});
		expect(seen).toEqual([]);
		expect(error?.context.itemIndex).toBe(1);
	},
);

test.each<[object, string]>([
	[{ ...create, spaceId: { __rl: true, mode: 'list', value: '' } }, 'Space'],
	[{ ...create, applicantId: { __rl: true, mode: 'email', value: '' } }, 'Applicant'],
	[{ ...create, startTime: '' }, 'Start Time'],
	[{ ...create, endTime: '' }, 'End Time'],
	[{ ...update, startTime: '' }, 'Start Time'],
	[{ ...update, endTime: '' }, 'End Time'],
	[{ ...getAll, spaceId: { __rl: true, mode: 'id', value: '' } }, 'Space'],
	[{ ...getAll, from: '' }, 'From'],
	[{ ...getAll, till: '' }, 'Until'],
])('%j: n8n itself refuses a field left empty', async (parameters, field) => {
	const seen = ultimo(() => ({ body: { properties: {} } }));
	const run = runNode({ parameters: { ...parameters } });
	// n8n 1.x does not name the field.
	const words = new RegExp(`Parameter "${field}" is required|^The workflow has issues`);
	await expect(run).rejects.toThrow(words);
	expect(seen).toEqual([]);
});
