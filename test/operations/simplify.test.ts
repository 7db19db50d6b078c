import type { IDataObject } from 'n8n-workflow';

import { runNode } from '../support/n8n.mts';
import { askedToRead, lists, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();

const room = {
	Id: 'C-25',
	Description: 'Meeting room 2',
	Context: 1,
	Status: 1,
	BuildingFloor: 'C.0',
	Site: null,
	Department: '07',
	Zone: 'C',
	RoomNumber: '25',
	RecordChangeDate: '2026-01-05T10:30:00.000000+02:00',
};
const rawRoom = { ...room, SpaceId: 'C-25' };
const simpleRoom = {
	SpaceId: 'C-25',
	Id: 'C-25',
	Description: 'Meeting room 2',
	Context: 1,
	Status: 1,
	RoomNumber: '25',
	BuildingFloor: 'C.0',
	Site: null,
};

const fasse = {
	Id: 'ULTIMO',
	Description: 'Fasse, J.',
	Context: 1,
	Status: -1,
	FirstName: 'Jan',
	SurName: 'Fasse',
	ExternalId: '',
	Site: '01',
	Department: null,
};
const vendors = { ...fasse, EmailAdress: 'j.fasse@example.com' };
const other = { ...fasse, EmailAddress: 'j.fasse@example.com' };
const own = { ApplicantId: 'ULTIMO', Email: 'j.fasse@example.com' };
const simpleFasse = {
	ApplicantId: 'ULTIMO',
	Id: 'ULTIMO',
	Description: 'Fasse, J.',
	Email: 'j.fasse@example.com',
	Status: -1,
	Department: null,
	Site: '01',
	ExternalId: '',
};
const canteen = { Id: 'CANTEEN', EmailAdress: null };

const off = { simplify: false };

it.each<['Space' | 'Employee', string, IDataObject, object, object]>([
	['Space', 'the fields used most', {}, room, simpleRoom],
	['Space', 'raw', off, room, rawRoom],
	['Space', 'only what the key may read', {}, { Id: '7' }, { SpaceId: '7', Id: '7' }],
	['Employee', 'the fields used most', {}, vendors, simpleFasse],
	['Employee', 'the other spelling of the address', {}, other, simpleFasse],
	['Employee', 'raw', off, vendors, { ...vendors, ...own }],
	['Employee', 'the other spelling, raw', off, other, { ...other, ...own }],
	['Employee', 'no address', {}, canteen, { ApplicantId: 'CANTEEN', Id: 'CANTEEN' }],
	['Employee', 'no address, raw', off, canteen, { ...canteen, ApplicantId: 'CANTEEN' }],
])('%s: %s', async (entity, _, simplify, given, json) => {
	const seen = ultimo(() => lists(given));
	const parameters = { resource: entity.toLowerCase(), operation: 'getAll', ...simplify };
	const result = await runNode({ parameters });
	expect(seen).toEqual([askedToRead(entity, { orderby: 'Id', count: 'true', top: '50' })]);
	expect(result.items).toEqual([{ json, pairedItem: { item: 0 } }]);
	expect(Object.keys(result.json[0])).toEqual(Object.keys(json));
});

it('is chosen for each item where an expression does', async () => {
	ultimo(() => lists(room));
	const simplify = '={{ $json.simple }}';
	const result = await runNode({
		items: [{ simple: true }, { simple: 'false' }],
		parameters: { resource: 'space', operation: 'getAll', simplify },
	});
	expect(result.items).toEqual([
		{ json: simpleRoom, pairedItem: { item: 0 } },
		{ json: rawRoom, pairedItem: { item: 1 } },
	]);
});
