import { first, later, past, seed, withFixture } from '../support/fixture.mts';
import { elementId } from '../../dev/ultimo/contract.mts';
import { inThePast as refusal } from '../../dev/ultimo/refusals.mts';

const { cancel, create, list, post, ultimo, update } = withFixture();

const success = { properties: {} };
const inThePast = { ...refusal, type: '3' };
const lastActed = () => ultimo.ledger.at(-1)?.acted;
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
		[
			'update in the past',
			() => update(past, '2030-05-08T08:00:00Z', '2030-05-08T09:00:00Z'),
			inThePast,
		],
		['create on a taken room', () => create({ StartTime: '2030-05-07T09:59:59Z' }), roomTaken],
		[
			'update onto another',
			() => update(later, '2030-05-07T08:59:59Z', '2030-05-07T10:00:00Z'),
			roomTaken,
		],
		['unknown reservation', () => cancel('00000000001'), { code: '9001' }],
		['an id without its zeros', () => cancel('6710'), { code: '9001' }],
		['unknown space', () => list({ SpaceId: 'constructor' }), { code: '9002' }],
		['unknown applicant', () => create({ ApplicantId: 'NOBODY' }), { code: '9003' }],
		['a number for an id', () => cancel(6710), bad('UltimoId')],
		['an empty id', () => cancel(''), bad('UltimoId')],
		['an absent ExternalId', () => create({ ExternalId: undefined }), bad('ExternalId')],
		[
			'Applicant for ApplicantId',
			() => create({ ApplicantId: undefined, Applicant: 'ULTIMO' }),
			bad('ApplicantId'),
		],
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
		expect(await cancel(first)).toMatchObject({
			status: 200,
			body: { message: 'No.', code: '42' },
		});
		expect((await cancel(later)).body).toEqual(success);
		expect(ultimo.cancellations(first)).toBe(0);
	});
});

describe('headers and paths', () => {
	const missing = { status: 401, body: { message: 'Missing API key', code: 'MissingApiKey' } };
	const forbidden = { status: 403, body: '' };
	const fine = { status: 200, body: success };
	const id = elementId('REST_CancelReservation');
	it.each([
		['a wrong key', { ApiKey: 'other' }, missing],
		['an empty key', { ApiKey: '' }, missing],
		[
			'another action’s id',
			{ ApplicationElementId: elementId('REST_CreateReservation') },
			forbidden,
		],
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
