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
async function schemaOf(operation: string): Promise<Schema> {
	const loader = await loadPackage();
	const { sourcePath, type } = loader.getNode('ultimoReservation');
	const nodeDir = `${loader.directory}/${sourcePath}`.replace(/\/[^/]+$/, '');
	const { description } = type as INodeType;
	const { properties } = description;
	const all = NodeHelpers.getNodeParameters(
		properties,
		{ operation },
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
const CASES: Array<[operation: string, parameters: IDataObject, properties: object]> = [
	['cancel', {}, {}],
	['create', { spaceId: 'C-25', applicantId: 'ULTIMO', ...times }, { UltimoId: '00000006712' }],
	['getAll', { spaceId: 'C-25' }, { Output: { collection: [reservation] } }],
	['update', times, {}],
];

(loadOutputSchema ? test : test.skip).each(CASES)(
	'%s: n8n finds the schema, and what comes out is as it says',
	async (operation, parameters, properties) => {
		ultimo(() => ({ body: { properties } }));
		const { items, error } = await runNode({
			items: [{ UltimoId: '00000006712' }],
			parameters: { operation, ...parameters },
		});
		expect(error).toBeUndefined();
		const schema = await schemaOf(operation);
		const types = Object.entries(items[0].json).map(([name, value]) => [
			name,
			{ type: typeof value },
		]);
		expect(schema?.type).toBe('object');
		expect(schema.properties).toEqual(Object.fromEntries(types));
		expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(schema.required));
	},
);

test('every operation has one', async () => {
	const loader = await loadPackage();
	const { properties } = (loader.getNode('ultimoReservation').type as { description: never })
		.description as { properties: Array<{ name: string; options?: Array<{ value: string }> }> };
	const operation = properties.find(({ name }) => name === 'operation');
	expect(operation?.options?.map(({ value }) => value)).toEqual(CASES.map(([value]) => value));
});
