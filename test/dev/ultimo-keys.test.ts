import { idsOf, withFixture } from '../support/fixture.mts';
import type { UltimoOptions } from '../../dev/ultimo/server.mts';

const { list, read, ultimo } = withFixture({ seed: undefined });

describe('the key’s rights', () => {
	it.each<[string, Partial<UltimoOptions>, string, number, unknown]>([
		['401', { mayNotRead: { Space: '401' } }, 'Space', 401, { code: 'NotAuthorized' }],
		['403', { mayNotRead: { Space: '403' } }, "Space('C-25')", 403, { code: 'NotAuthorized' }],
		['403 empty', { mayNotRead: { Employee: '403 empty' } }, 'Employee', 403, ''],
		['404', { mayNotRead: { Space: '404' } }, 'Space', 404, { code: 'EntityNotFound' }],
		['the other is read', { mayNotRead: { Space: '404' } }, 'Employee', 200, {}],
		['nothing', { keyFilters: { Space: 'Id eq null' } }, 'Space', 200, { count: 0, items: [] }],
		['a room', { keyFilters: { Space: "Id like 'Z%'" } }, 'Space', 200, { count: 1 }],
		['whoever left', { keyFilters: {} }, "Employee('DEVRIES')", 200, { Status: -1 }],
	])('%s', async (_name, options, target, status, body) => {
		ultimo.setOptions(options);
		const answer = await read(target);
		expect(answer.status).toBe(status);
		if (typeof body === 'string') expect(answer.body).toBe(body);
		else expect(answer.body).toMatchObject(body as object);
	});

	it('hides properties from answers, filters, orders and selections', async () => {
		ultimo.setOptions({ hiddenProperties: ['Employee.EmailAdress', 'Employee.Status'] });
		const { body } = await read('Employee', { filter: "Id in ('ULTIMO','DEVRIES')" });
		expect(idsOf(body)).toEqual(['ULTIMO']);
		expect(Object.keys(body.items[0])).not.toContain('EmailAdress');
		for (const query of [
			{ filter: 'EmailAdress eq null' },
			{ orderby: 'EmailAdress' },
			{ select: 'EmailAdress' },
		] as Array<Record<string, string>>)
			expect((await read('Employee', query)).status).toBe(400);
	});

	it('spells e-mail either way, never both', async () => {
		ultimo.setOptions({ emailProperty: 'EmailAddress' });
		const { body } = await read('Employee', { filter: "EmailAddress like 'j.%'" });
		expect(body.items).toMatchObject([{ EmailAddress: 'j.fasse@example.com' }]);
		expect(body.items[0]).not.toHaveProperty('EmailAdress');
		expect((await read('Employee', { filter: 'EmailAdress ne null' })).status).toBe(400);
	});

	it('compares texts as they are written when told to', async () => {
		ultimo.setOptions({ ignoreCase: false });
		const ask = async (filter: string) => idsOf((await read('Employee', { filter })).body);
		expect(await ask("EmailAdress eq 'a.osei@example.com'")).toEqual([]);
		expect(await ask("EmailAdress like 'A.%'")).toEqual(['000451']);
	});

	it('are those of the key that asks', async () => {
		const restricted = { mayNotRead: { Space: '401' }, keyFilters: {} } as const;
		ultimo.setOptions({ otherKeys: { restricted } });
		const statusFor = async (ApiKey: string) => (await read('Space', {}, { ApiKey })).status;
		expect(await statusFor('restricted')).toBe(401);
		expect(await statusFor('demo-key')).toBe(200);
		const people = await read('Employee', { filter: 'Status eq -1' }, { ApiKey: 'restricted' });
		expect(idsOf(people.body)).toEqual(['DEVRIES']);
		expect(JSON.stringify(ultimo.ledger)).not.toContain('"restricted"');
	});
});

describe('as the actions', () => {
	it.each(['other', '', 'constructor'])('refuses the key "%s"', async (ApiKey) => {
		const refusal = { message: 'Missing API key', code: 'MissingApiKey' };
		expect(await read('Space', {}, { ApiKey })).toEqual({ status: 401, body: refusal });
		ultimo.setOptions({ wrongKeyCode: 'InvalidApiKey' });
		expect((await read('Space', {}, { ApiKey })).body.code).toBe('InvalidApiKey');
	});

	it('counts against one quota with them', async () => {
		ultimo.setOptions({ requestsPerWindow: 2 });
		await read('Space');
		await list();
		expect((await read('Employee')).status).toBe(429);
		expect(ultimo.stats().total).toEqual({ requests: 3, accepted: 2, refused: 0, overQuota: 1 });
		expect(ultimo.ledger[0]).toMatchObject({ action: null, acted: 'read', status: 200 });
	});

	it('meets faults', async () => {
		ultimo.setOptions({ faults: { seed: 1, rate: 1, kinds: ['html502'] } });
		expect((await read('Space')).status).toBe(502);
		expect(ultimo.ledger[0]).toMatchObject({ fault: 'html502', acted: null });
	});

	it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s is not allowed', async (method) => {
		const answer = await fetch(`${ultimo.url}/api/v1/object/Space`, { method });
		expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
	});
});
