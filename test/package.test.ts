import { loadPackage } from './support/n8n.mts';

it("n8n's loader finds the nodes and the credential by package.json", async () => {
	const loader = await loadPackage();
	expect(Object.keys(loader.known.nodes)).toEqual([
		'ultimoReservation',
		'ultimoReservationTrigger',
	]);
	expect(loader.known.credentials).toMatchObject({
		ultimoApi: { supportedNodes: ['ultimoReservation', 'ultimoReservationTrigger'] },
	});
	const { description } = loader.getNode('ultimoReservation').type as never as {
		description: Record<string, unknown>;
	};
	expect(description).toMatchObject({
		displayName: 'Ultimo Reservation',
		name: 'ultimoReservation',
		version: 1,
		usableAsTool: true,
		iconUrl: {
			light: 'icons/n8n-nodes-ultimo/dist/nodes/Ultimo/ultimo.svg',
			dark: 'icons/n8n-nodes-ultimo/dist/nodes/Ultimo/ultimo.dark.svg',
		},
		codex: { alias: expect.arrayContaining(['room', 'cancel booking']) },
	});
});

it('index.js exports all classes', () => {
	expect(Object.keys(jest.requireActual('../index.js'))).toEqual([
		'UltimoReservation',
		'UltimoReservationTrigger',
		'UltimoApi',
	]);
});
