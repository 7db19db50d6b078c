import * as n8nCore from 'n8n-core';
import { NodeHelpers, type IDataObject, type INodeType } from 'n8n-workflow';
import { loadPackage, runNode } from '../support/n8n.mts';
import { ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();

interface Schema {
	type: string;
	properties: Record<string, { type: string }>;
	required: string[];
}

/** Older releases of n8n-core leave this to n8n itself, which looks in the same place. */
const { loadOutputSchema } = n8nCore as { loadOutputSchema?: (ref: object) => unknown };

/**
 * As the editor asks for it, by the parameters it has once it has filled in the defaults, and as n8n
 * finds it, from where the package's loader says that the node is.
 */
async function schemaOf(operation: string, chosen: string): Promise<Schema> {
	const loader = await loadPackage();
	const { sourcePath, type } = loader.getNode('ultimoReservation');
	const nodeDir = `${loader.directory}/${sourcePath}`.replace(/\/[^/]+$/, '');
	const { description } = type as INodeType;
	const { properties } = description;
	const all = NodeHelpers.getNodeParameters(
		properties,
		{ resource: chosen, operation },
		true,
		false,
		null,
		description,
	);
	const { resource } = all!;
	return loadOutputSchema!({ nodeDir, version: 1, resource, operation: all!.operation }) as Schema;
}

const times = { startTime: '2026-11-22T10:00:00Z', endTime: '2026-11-22T11:00:00Z' };
const reservation = {
	UltimoId: '00000006710',
	Description: 'Team meeting Front office',
	ApplicantId: 'ULTIMO',
	ApplicantName: 'Fasse, J.',
	StartTime: '2021-04-20T08:00:00.000000+12:00',
	EndTime: '2021-04-20T09:00:00.000000+12:00',
	StartTimeIncludingPreparationTime: '2021-04-20T08:00:00.000000+12:00',
	EndTimeIncludingCleanupTime: '2021-04-20T09:00:00.000000+12:00',
	Status: 'Processed',
};
const space = {
	Id: 'C-25',
	Description: 'Meeting room 2',
	Context: 1,
	Status: 1,
	RoomNumber: '25',
	BuildingFloor: 'C.0',
	Site: '01',
	Department: '07',
	Zone: 'C',
	RecordChangeDate: '2026-01-05T10:30:00.000000+02:00',
};
const employee = {
	Id: 'ULTIMO',
	Description: 'Fasse, J.',
	Context: 1,
	Status: 1,
	FirstName: 'Jan',
	SurName: 'Fasse',
	Initials: 'J.',
	EmailAdress: 'j.fasse@example.com',
	Phone: '123',
	ExternalId: '4711',
	Site: '01',
	Department: '07',
	CostCenter: '100',
};
const says = (properties: object) => ({ properties });
const lists = (one: object) => ({ count: 1, items: [one] });
const create = { subject: 'Team', spaceId: 'C-25', applicantId: 'ULTIMO', ...times };
const then = { startTime: '2021-04-19T20:30:00Z', endTime: '2021-04-19T21:00:00Z' };
const taken = { ...lists(space), ...says({ Output: { collection: [reservation] } }) };
type Case = [resource: string, operation: string, parameters: IDataObject, answer: object];
const CASES: Case[] = [
	['reservation', 'cancel', {}, says({})],
	['reservation', 'availability', { spaceSelection: 'all', ...then }, taken],
	['reservation', 'create', create, says({ UltimoId: '00000006712' })],
	['reservation', 'getAll', { spaceId: 'C-25' }, says({ Output: { collection: [reservation] } })],
	['reservation', 'update', times, says({})],
	['space', 'getAll', {}, lists(space)],
	['employee', 'getAll', {}, lists(employee)],
];

/** What a schema says of a value. */
function schemaFor(value: unknown): object {
	if (Array.isArray(value)) return { type: 'array', items: schemaFor(value[0]) };
	if (typeof value !== 'object' || value === null) return { type: typeof value };
	const properties = Object.entries(value).map(([name, one]) => [name, schemaFor(one)]);
	return { type: 'object', properties: Object.fromEntries(properties) };
}

(loadOutputSchema ? test : test.skip).each(CASES)(
	'%s, %s: n8n finds the schema, and what comes out is as it says',
	async (resource, operation, parameters, body) => {
		ultimo(() => ({ body }));
		const { items, error } = await runNode({
			items: [{ UltimoId: '00000006712' }],
			parameters: { resource, operation, ...parameters },
		});
		expect(error).toBeUndefined();
		const schema = await schemaOf(operation, resource);
		const { type, properties, required } = schema;
		expect({ type, properties }).toEqual(schemaFor(items[0].json));
		expect(Object.keys(properties)).toEqual(expect.arrayContaining(required));
	},
);

test('every operation has one', async () => {
	const loader = await loadPackage();
	const { properties } = (loader.getNode('ultimoReservation').type as { description: never })
		.description as {
		properties: Array<{
			name: string;
			displayOptions?: { show: { resource: string[] } };
			options?: Array<{ value: string }>;
		}>;
	};
	const operations = properties.filter(({ name }) => name === 'operation');
	const all = operations.flatMap(({ displayOptions, options }) =>
		options!.map(({ value }) => [displayOptions!.show.resource[0], value]),
	);
	expect(all).toEqual(CASES.map(([resource, operation]) => [resource, operation]));
});
