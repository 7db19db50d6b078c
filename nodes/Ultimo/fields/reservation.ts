import type { INodeProperties } from 'n8n-workflow';

import { checkId, RESERVATION, spaceField } from './ids';
import type { Parameters } from './parameter';

const reservationIdField: INodeProperties = {
	displayName: 'Reservation',
	name: 'reservationId',
	type: 'resourceLocator',
	default: { mode: 'id', value: '={{ $json.UltimoId }}' },
	required: true,
	description:
		'The reservation to work on; filled in with the UltimoId of the step before. To pick one from a list, first switch this field from Expression to Fixed.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a reservation...',
			typeOptions: {
				searchListMethod: 'searchReservations',
				searchable: true,
				slowLoadNotice: {
					message: 'Ultimo takes its time; with By ID there is nothing to wait for',
					timeout: 10_000,
				},
			},
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 00000006712',
			hint: 'Ultimo IDs are text: in a spreadsheet, format their column as text to keep leading zeros',
		},
	],
};

/** The reservation, and the space whose reservations its list offers. */
export const reservationFields: INodeProperties[] = [
	{
		...spaceField,
		displayOptions: { show: { '/reservationId.mode': ['list'] } },
		description: 'The ID of the space whose coming reservations the list shows',
		hint: undefined,
	},
	reservationIdField,
];

/**
 * The id of the reservation that an item is about.
 * @throws NodeOperationError when it is empty, no text, or can't be an id
 */
export function readReservationId(parameters: Parameters): string {
	return parameters.read(reservationIdField, (value) => checkId(value, RESERVATION));
}
