import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { methods } from './methods';
import { costHints } from './trigger/cost';
import { eventNames, properties } from './trigger/settings';

export class UltimoReservationTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Ultimo Reservation Trigger',
		name: 'ultimoReservationTrigger',
		icon: { light: 'file:ultimo.svg', dark: 'file:ultimo.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: `={{ ((names) => $parameter["events"].map((event) => names[event]).join(", "))(${JSON.stringify(eventNames)}) }}`,
		description:
			'Starts the workflow when a room reservation in Ultimo is made, changed, cancelled or about to start',
		defaults: { name: 'Ultimo Reservation Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ultimoApi', required: true, testedBy: 'ultimoApiTest' }],
		hints: costHints,
		properties,
	};

	methods = methods;

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		// Only now: all packages are loaded whenever one of n8n's processes starts.
		const { poll } = await import('./trigger/poll');
		return await poll(this);
	}
}
