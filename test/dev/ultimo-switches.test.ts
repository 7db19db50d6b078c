import { board, first, later, past, withFixture } from '../support/fixture.mts';
import type { UltimoOptions } from '../../dev/ultimo/server.mts';

const { cancel, create, ids, list, ultimo, update } = withFixture();

type Options = Partial<UltimoOptions>;
const made = '00000006714';
const success = { status: 200, body: { properties: {} } };
const refused = (code: string, status = 400) => ({ status, body: { code } });

describe('Get', () => {
	// Of two that touch each other at nine, it cuts both.
	const cutting = { From: '2030-05-07T08:30:00Z', Till: '2030-05-07T09:30:00Z' };
	const touching = { From: '2030-05-07T09:00:00Z', Till: '2030-05-07T10:00:00Z' };
	it.each<[string, Options, object, string[]]>([
		['overlap', {}, cutting, [first, later]],
		['overlap, touching', {}, touching, [later]],
		['containment', { rangeMeans: 'containment' }, cutting, []],
		['containment, touching', { rangeMeans: 'containment' }, touching, [later]],
		['start within', { rangeMeans: 'startWithin' }, cutting, [later]],
		['end within', { rangeMeans: 'endWithin' }, cutting, [first]],
		['end within, touching', { rangeMeans: 'endWithin' }, touching, [later]],
		['at most maxPerGet, the earliest', { maxPerGet: 1 }, {}, [first]],
		['another space', {}, { SpaceId: '003.0.10' }, [board]],
	])('range: %s', async (_name, options, body, expected) => {
		ultimo.setOptions(options);
		expect(await ids(body)).toEqual(expected);
	});

	const dutch = { includeCancelled: true, cancelledStatus: 'Geannuleerd' };
	it.each<[string, Options, object]>([
		['left out', {}, { [later]: 'Processed' }],
		['listed', { includeCancelled: true }, { [first]: 'Cancelled', [later]: 'Processed' }],
		['listed in Dutch', dutch, { [first]: 'Geannuleerd', [later]: 'Processed' }],
	])('cancelled ones: %s', async (_name, options, expected) => {
		ultimo.setOptions(options);
		await cancel(first);
		const { collection } = (await list()).body.properties.Output;
		const statuses = collection.map((one: Record<string, string>) => [one.UltimoId, one.Status]);
		expect(Object.fromEntries(statuses)).toEqual(expected);
	});

	const none = { SpaceId: 'C-25', From: '2031-01-01T00:00:00Z', Till: '2031-01-02T00:00:00Z' };
	it.each<[string, Options, object]>([
		['as documented', {}, { properties: { Output: { collection: [] } } }],
		['null', { emptyOutput: 'null' }, { properties: { Output: null } }],
		['missing', { emptyOutput: 'missing' }, { properties: {} }],
		['text', { output: 'collectionText' }, { properties: { Output: '{"collection":[]}' } }],
		['a list as text', { output: 'listText' }, { properties: { Output: '[]' } }],
		['Properties', { propertiesKey: 'Properties' }, { Properties: { Output: { collection: [] } } }],
	])('Output, nothing to list: %s', async (_name, options, body) => {
		ultimo.setOptions(options);
		expect(await list(none)).toMatchObject({ status: 200 });
		expect((await list(none)).body).toEqual(body);
	});

	it.each(['null', 'missing'] as const)(
		'Output, %s only when nothing is listed',
		async (emptyOutput) => {
			ultimo.setOptions({ emptyOutput });
			expect(await ids()).toEqual([first, later]);
		},
	);

	it.each<[UltimoOptions['output'], (output: string) => unknown]>([
		['collectionText', (output) => JSON.parse(output).collection],
		['listText', (output) => JSON.parse(output)],
	])('Output: %s', async (output, read) => {
		const { collection } = (await list()).body.properties.Output;
		ultimo.setOptions({ output });
		expect(read((await list()).body.properties.Output)).toEqual(collection);
	});

	it('another offset, type as number', async () => {
		ultimo.setOptions({ typeAsNumber: true, zone: 'UTC-03:30' });
		const { collection } = (await list()).body.properties.Output;
		expect(collection[0].StartTime).toBe('2030-05-07T04:30:00.000000-03:30');
		expect((await cancel(past)).body.type).toBe(3);
	});
});

describe('a fresh reservation', () => {
	it('has its own status, and holds the space', async () => {
		ultimo.setOptions({ freshStatus: 'Requested' });
		await create();
		const { collection } = (await list()).body.properties.Output;
		expect(collection.at(-1)).toMatchObject({ UltimoId: made, Status: 'Requested' });
		expect(await create()).toMatchObject(refused('1015'));
	});

	it('does not hold the space', async () => {
		ultimo.setOptions({ freshStatus: 'Requested', freshHolds: false });
		await create();
		expect((await create()).status).toBe(200);
		expect(await ids()).toEqual([first, later, made, '00000006715']);
		expect((await create({ StartTime: '2030-05-07T09:30:00Z' })).body.code).toBe('1015');
	});

	it('holds the space with its preparation and cleanup', async () => {
		// The board room is held till ten, and half an hour more for cleanup; preparation is 15 min.
		const at1030 = { SpaceId: '003.0.10', StartTime: '2030-05-07T10:30:00Z' };
		ultimo.setOptions({ preparationHolds: true });
		expect(await create(at1030)).toMatchObject(refused('1015'));
		const at1045 = { ...at1030, StartTime: '2030-05-07T10:45:00Z' };
		expect((await create(at1045)).status).toBe(200);
		await cancel(made);
		ultimo.setOptions({ preparationHolds: false });
		expect((await create(at1030)).status).toBe(200);
	});
});

describe('Cancel, Update, Create', () => {
	const own = { message: 'Reeds geannuleerd.', code: '1170' };
	const again = async () => {
		await cancel(first);
		return await cancel(first);
	};
	const unknown = () => cancel('00000000001');
	const onTaken = () => update(later, '2030-05-07T08:30:00Z', '2030-05-07T09:30:00Z');
	it.each<[string, Options, () => ReturnType<typeof cancel>, object]>([
		['a second Cancel is accepted', {}, again, success],
		['... refused', { cancelAgain: 'refused' }, again, refused('9005')],
		['... with a code of its own', { cancelAgain: own }, again, { status: 400, body: own }],
		['... in a 200', { cancelAgain: { ...own, status: 200 } }, again, { status: 200, body: own }],
		['Cancel of an unknown id is refused', {}, unknown, refused('9001')],
		['... accepted', { cancelUnknown: 'success' }, unknown, success],
		['... with 404', { cancelUnknown: { ...own, status: 404 } }, unknown, refused('1170', 404)],
		['Update over a taken time is refused', {}, onTaken, refused('1015')],
		['... accepted', { updateTaken: 'success' }, onTaken, success],
		[
			'an empty ExternalId is refused',
			{ emptyExternalId: 'refused' },
			() => create(),
			refused('9004'),
		],
		[
			'... and another is accepted',
			{ emptyExternalId: 'refused' },
			() => create({ ExternalId: 'x' }),
			{ status: 200, body: { properties: { UltimoId: made } } },
		],
	])('%s', async (_name, options, send, expected) => {
		ultimo.setOptions(options);
		expect(await send()).toMatchObject(expected);
	});

	it('cancels nothing when it accepts an unknown id', async () => {
		ultimo.setOptions({ cancelUnknown: 'success' });
		await unknown();
		expect(ultimo.ledger).toMatchObject([{ status: 200, acted: null, ultimoId: null }]);
		expect(ultimo.cancellations('00000000001')).toBe(0);
	});
});
