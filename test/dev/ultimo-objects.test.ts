import { allSpaces, idsOf, withFixture } from '../support/fixture.mts';
import type { UltimoOptions } from '../../dev/ultimo/server.mts';

const { read, ultimo } = withFixture({ seed: undefined });

describe('one object', () => {
	const found = (Id: string) => ({ status: 200, body: { Id } });
	const notFound = { status: 404, body: { code: 'ResourceNotFound' } };
	const notAllowed = { status: 400, body: expect.stringContaining('<html>') };
	it.each<[string, object]>([
		["Employee('ULTIMO')", found('ULTIMO')],
		["employee('000451')", found('000451')],
		["Employee('ultimo')", notFound],
		["Employee('O''BRIEN')", found("O'BRIEN")],
		["Employee('O%27%27BRIEN')", found("O'BRIEN")],
		["Employee('M%C3%9CLLER')", found('MÜLLER')],
		["Employee('O'BRIEN')", { status: 404, body: { code: 'EntityNotFound' } }],
		["Employee('DEVRIES')", notFound],
		["Employee('R&D/07')", notAllowed],
		["Employee('R%26D%2F07')", notAllowed],
		["Space('Z%25')", notAllowed],
		["Space('A-101')", { status: 200, body: { Description: 'Training room', Site: '01' } }],
		["Space('')", notFound],
		['Reservation', { status: 404, body: { code: 'EntityNotFound' } }],
		['constructor', { status: 404, body: { code: 'EntityNotFound' } }],
		['Employee(%E0%A4%A', { status: 400 }],
	])('%s', async (target, expected) => {
		expect(await read(target)).toMatchObject(expected);
	});

	it('has all properties, or those that are selected', async () => {
		const space = {
			Id: '003.0.10',
			Description: 'Board room',
			Context: 1,
			Status: 1,
			RoomNumber: '003.0.10',
			BuildingFloor: '003.0',
			Site: '01',
			Department: null,
			Zone: null,
			RecordChangeDate: '2026-01-05T09:30:00.000000+01:00',
		};
		expect((await read("Space('003.0.10')")).body).toEqual(space);
		const select = 'Id, Description';
		expect((await read("Space('003.0.10')", { select })).body).toEqual({
			Id: '003.0.10',
			Description: 'Board room',
		});
		const filter = "Id eq '000451'";
		expect((await read('Employee', { filter })).body.items).toEqual([
			{
				Id: '000451',
				Description: 'Osei, A.',
				Context: 1,
				Status: 1,
				FirstName: 'Ama',
				SurName: 'Osei',
				Initials: 'A.',
				EmailAdress: 'A.Osei@example.com',
				Phone: null,
				ExternalId: 'HR-1004',
				Site: '01',
				Department: null,
				CostCenter: null,
			},
		]);
	});
});

describe('a list', () => {
	it('orders, and puts those without a value first', async () => {
		const ask = async (orderby: string) =>
			idsOf((await read('Employee', { orderby, select: 'Id', filter: "Id like '%AN%'" })).body);
		expect(await ask('EmailAdress,Id desc')).toEqual(['CANTEEN', 'TANAKA', 'JANSEN2', 'JANSEN']);
		expect(await ask('EmailAdress desc, Id asc')).toEqual([
			...['JANSEN', 'JANSEN2', 'TANAKA', 'CANTEEN'],
		]);
	});

	it.each<[string, Record<string, string | number>]>([
		['an unknown option', { $filter: "Id eq 'x'" }],
		['expand', { expand: 'Site' }],
		['an unknown order', { orderby: 'Id up' }],
		['an unknown property in the order', { orderby: 'Name' }],
		['an unknown property in select', { select: 'Id,Name' }],
		['the other spelling in select', { select: 'Id,EmailAddress' }],
		['top 0', { top: 0 }],
		['a negative skip', { skip: -1 }],
	])('refuses %s', async (_name, query) => {
		expect(await read('Employee', query)).toMatchObject({
			status: 400,
			body: { code: 'FilterSyntaxError' },
		});
	});

	it('refuses an option that is given twice', async () => {
		expect((await read('Employee?top=1&top=2')).status).toBe(400);
	});

	it.each<[string, Partial<UltimoOptions>, Record<string, string | number>, number[]]>([
		['all on a page', {}, {}, [8]],
		['the page size', { pageSize: 3 }, {}, [3, 3, 2]],
		['no empty page at the end', { pageSize: 4 }, {}, [4, 4]],
		['top', {}, { top: 5 }, [5, 3]],
		['top over the largest page', { largestPage: 3 }, { top: 1000 }, [3, 3, 2]],
		['top of the whole list', { topMeans: 'all', largestPage: 3 }, { top: 5 }, [3, 2]],
		['skip', {}, { top: 3, skip: 4 }, [3, 1]],
		['skip past the end', {}, { skip: 9 }, [0]],
		['skip ignored', { ignoreSkip: true }, { top: 5, skip: 4 }, [5, 3]],
		['relative links', { nextPageLink: 'relative' }, { top: 5 }, [5, 3]],
		['no links', { nextPageLink: 'missing' }, { top: 5 }, [5]],
	])('pages: %s', async (_name, options, query, expected) => {
		ultimo.setOptions(options);
		const pages: string[][] = [];
		let answer = await read('Space', { orderby: 'Id', ...query });
		for (; ; answer = await read(answer.body.nextPageLink)) {
			expect(answer.body.count).toBe(answer.body.items.length);
			pages.push(idsOf(answer.body));
			if (!answer.body.nextPageLink) break;
		}
		expect(pages.map(({ length }) => length)).toEqual(expected);
		const start = options.ignoreSkip ? 0 : Number(query.skip ?? 0);
		expect(pages.flat()).toEqual([...allSpaces].sort().slice(start, start + pages.flat().length));
	});

	it('counts all when it is asked to', async () => {
		expect((await read('Space', { top: 3, count: 'true' })).body.count).toBe(8);
	});

	it.each<[UltimoOptions['nextPageLink'], string]>([
		['absolute', '<url>/api/v1/object/Space?top=1&filter=Id+like+%27A%25%27&skiptoken=1'],
		['relative', '/api/v1/object/Space?top=1&filter=Id+like+%27A%25%27&skiptoken=1'],
		[
			'elsewhere',
			'https://elsewhere.example/api/v1/object/Space?top=1&filter=Id+like+%27A%25%27&skiptoken=1',
		],
		['same', '<url>/api/v1/object/Space?top=1&filter=Id+like+%27A%25%27&skiptoken=0'],
	])('links: %s', async (nextPageLink, expected) => {
		ultimo.setOptions({ nextPageLink });
		const { body } = await read('Space', { top: 1, filter: "Id like 'A%'" });
		expect(body.nextPageLink).toBe(expected.replace('<url>', ultimo.url));
	});
});
