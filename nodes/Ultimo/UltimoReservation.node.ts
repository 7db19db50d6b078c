import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { optionsProperty } from './items/options';
import { methods } from './methods';
import { operationHints, operationNames, operationProperties } from './operations';

export class UltimoReservation implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Ultimo Reservation',
		name: 'ultimoReservation',
		icon: { light: 'file:ultimo.svg', dark: 'file:ultimo.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: `={{ (${JSON.stringify(operationNames)})[$parameter["resource"]][$parameter["operation"]] }}`,
		description: 'Cancel, create, update and list room reservations in Ultimo, and find free rooms',
		defaults: { name: 'Ultimo Reservation' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ultimoApi', required: true, testedBy: 'ultimoApiTest' }],
		hints: operationHints,
		properties: [...operationProperties, optionsProperty],
	};

	methods = methods;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		// Only now: all packages are loaded whenever one of n8n's processes starts.
		const { runItems } = await import('./items/run');
		return await runItems(this);
	}
}
