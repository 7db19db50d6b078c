import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { credentialTest } from './methods/credentialTest';
import { listSearch } from './methods/listSearch';
import { costHints } from './trigger/cost';
import { poll } from './trigger/poll';
import { properties } from './trigger/settings';

export class UltimoReservationTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Ultimo Reservation Trigger',
		name: 'ultimoReservationTrigger',
		icon: { light: 'file:ultimo.svg', dark: 'file:ultimo.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
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

	methods = { credentialTest, listSearch };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}
