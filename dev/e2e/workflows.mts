import type { RestClient } from '../n8n/rest.mts';
import { CREDENTIAL } from './bed.mts';

const node = (
	name: string,
	type: string,
	typeVersion: number,
	column: number,
	parameters: object,
) => ({
	id: `00000000-0000-4000-8000-00000000000${column}`,
	name,
	type,
	typeVersion,
	position: [column * 224, 0],
	parameters,
});

function inARow(name: string, nodes: Array<ReturnType<typeof node>>) {
	const connections = Object.fromEntries(
		nodes
			.slice(1)
			.map((next, index) => [
				nodes[index].name,
				{ main: [[{ node: next.name, type: 'main', index: 0 }]] },
			]),
	);
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

const start = () => node('Start', 'n8n-nodes-base.manualTrigger', 1, 0, {});

const items = (ids: string[]) => [
	node('Reservations', 'n8n-nodes-base.set', 3.4, 1, {
		mode: 'raw',
		jsonOutput: JSON.stringify({ UltimoId: ids }),
		options: {},
	}),
	node('One item each', 'n8n-nodes-base.splitOut', 1, 2, {
		fieldToSplitOut: 'UltimoId',
		options: {},
	}),
];

/** A workflow of its own for each test: one that another page has open blocks clicks. */
export async function inputWorkflow(rest: RestClient, name: string, ids: string[]) {
	const { id } = await rest.post('/rest/workflows', inARow(name, [start(), ...items(ids)]));
	return id as string;
}

/** The same with the node, with its defaults, after it. */
export async function cancelWorkflow(rest: RestClient, name: string, ids: string[]) {
	const cancel = {
		...node('Ultimo Reservation', 'n8n-nodes-ultimo.ultimoReservation', 1, 3, {}),
		credentials: { ultimoApi: { id: null, name: CREDENTIAL } },
	};
	const workflow = inARow(name, [start(), ...items(ids), cancel]);
	const { id } = await rest.post('/rest/workflows', workflow);
	return id as string;
}
