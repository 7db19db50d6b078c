import { allSpaces, idsOf, withFixture } from '../support/fixture.mts';

const { read } = withFixture({ seed: undefined });

const everybody =
	"ULTIMO BAKKER NOVAK 000451 O'BRIEN MÜLLER TANAKA R&D/07 JANSEN JANSEN2 CANTEEN".split(' ');

describe('filter', () => {
	it.each<[string, string, string[]]>([
		['eq', "Id eq 'BAKKER'", ['BAKKER']],
		['leading zeros', "Id eq '451'", []],
		['a doubled quote', "EmailAdress eq 's.o''brien@example.com'", ["O'BRIEN"]],
		['any case of a text', "EmailAdress eq 'a.OSEI@example.com'", ['000451']],
		['other letters', "Description eq 'müller-groß, ä.'", ['MÜLLER']],
		['other scripts', "Description like '%中%'", ['TANAKA']],
		['+ and %', "EmailAdress eq 'lab_7+100%@example.com'", ['R&D/07']],
		['a slash and an ampersand', "Id eq 'R&D/07'", ['R&D/07']],
		['two of one address', "EmailAdress eq 'reception@example.com'", ['JANSEN', 'JANSEN2']],
		['null', 'EmailAdress eq null', ['CANTEEN']],
		['not null, like', "EmailAdress ne null and Id like 'T%'", ['TANAKA']],
		['ne is true of null', "EmailAdress ne 'x' and Id like 'C%'", ['CANTEEN']],
		['like with _', "Id like 'JANSEN_'", ['JANSEN2']],
		['like with no wildcard', "Id like 'JANSEN'", ['JANSEN']],
		['like takes no pattern of others', "Id like '.*'", []],
		['in', "Id in ('NOVAK', 'ULTIMO')", ['ULTIMO', 'NOVAK']],
		['gt and le', "Id gt 'M' and Id le 'NOVAK'", ['NOVAK', 'MÜLLER']],
		['or binds less than and', "Id eq 'ULTIMO' or Id eq 'NOVAK' and Status eq 0", ['ULTIMO']],
		['brackets', "(Id eq 'ULTIMO' or Id eq 'NOVAK') and Site eq '02'", ['NOVAK']],
		['not', "not (Status eq 1) or not Id ne 'NOVAK'", ['NOVAK']],
		['a number', 'Status ge 1 and Status lt 2 and Context eq 1', everybody],
		['a related id', "Site/Id eq '02'", ['NOVAK']],
		['whom the key’s filter hides', "Id eq 'DEVRIES' or Status eq -1", []],
		['quotes as words', "Description eq 'a'' or Id eq ''ULTIMO'", []],
	])('%s: %s', async (_name, filter, expected) => {
		const { status, body } = await read('Employee', { filter });
		expect({ status, ids: idsOf(body) }).toEqual({ status: 200, ids: expected });
	});

	it.each<[string, string[]]>([
		["Description eq 'Director''s room'", ['A/102']],
		["Description like '%100\\%%'", []],
		["Description like '%100%& more'", ['Z-01']],
		['Context in (2,4)', ['P-01']],
		["BuildingFloor eq 'C-2'", ['C-25', 'C-26']],
		['RecordChangeDate ge 2026-01-05', allSpaces],
		['RecordChangeDate eq 2026-01-05T09:30:00+01:00', allSpaces],
		['RecordChangeDate lt 2026-01-05T08:30:00Z', []],
	])('of spaces: %s', async (filter, expected) => {
		expect(idsOf((await read('Space', { filter })).body)).toEqual(expected);
	});

	it.each([
		['an unknown property', "Name eq 'x'"],
		['another case', "id eq 'x'"],
		['the other spelling', "EmailAddress eq 'x'"],
		['a property of Object', "constructor eq 'x'"],
		['no id of another', "Description/Id eq 'x'"],
		['two steps', "Site/Id/Id eq 'x'"],
		['an unknown operator', "Id contains 'x'"],
		['an operator of Object', "Id toString 'x'"],
		['a function', "contains(Id,'x')"],
		['capitals', "Id EQ 'x'"],
		['a quote not doubled', "Id eq 'O'BRIEN'"],
		['an open quote', "Id eq 'x"],
		['double quotes', 'Id eq "x"'],
		['no value', 'Id eq'],
		['no operator', 'Id'],
		['empty', ''],
		['an open bracket', "(Id eq 'x'"],
		['a bracket too many', "Id eq 'x')"],
		['two in a row', "Id eq 'x' Id eq 'x'"],
		['a text for a number', "Status eq '1'"],
		['a number for a text', 'Id eq 451'],
		['a boolean', 'Status eq true'],
		['greater than null', 'Status gt null'],
		['an empty in', 'Id in ()'],
		['no day', 'Status eq 2026-02-40'],
		['endless brackets', '('.repeat(4000)],
		['endless nots', 'not '.repeat(2000)],
	])('no filter: %s', async (_name, filter) => {
		const body = { code: 'FilterSyntaxError', message: expect.any(String) };
		expect(await read('Employee', { filter })).toEqual({ status: 400, body });
	});
});
