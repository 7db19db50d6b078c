import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { checkId, RESERVATION, SPACE } from './ids';
import { isEmpty, Mistake, type Parameters } from './parameter';
import { spaceField } from './space';

const reservationIdField: INodeProperties = {
	displayName: 'Reservation',
	name: 'reservationId',
	type: 'resourceLocator',
	// Empty for the item's own reservation: with an expression as default the editor locks the modes.
	default: { mode: 'list', value: '' },
	description:
		'The reservation to work on. Leave it empty for the one of each input item, by its field UltimoId.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: "Empty: the input item's UltimoId",
			typeOptions: {
				searchListMethod: 'searchReservations',
				searchable: true,
				slowLoadNotice: {
					message: 'Ultimo takes its time. If you know the UltimoId, enter it under By ID.',
					timeout: 10_000,
				},
			},
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: "Empty: the input item's UltimoId",
			hint: 'Ultimo IDs are text: in a spreadsheet, format their column as text to keep leading zeros',
		},
	],
};

/** Below the reservation, because it is not needed where that stays empty. */
const listSpaceField: INodeProperties = {
	...spaceField,
	displayName: 'List Reservations Of',
	required: false,
	displayOptions: { show: { '/reservationId.mode': ['list'] } },
	description:
		'The space whose coming reservations the list of Reservation shows. Not needed where Reservation stays empty.',
	hint: 'Only to pick from the list above; otherwise leave it empty',
};

/** The reservation, and the space whose reservations its list offers. */
export const reservationFields: INodeProperties[] = [reservationIdField, listSpaceField];

/**
 * The space whose reservations the list offers.
 * @throws NodeOperationError that says how to get to the list
 */
export function readListSpace(parameters: Parameters): string {
	return parameters.read(listSpaceField, (value) => {
		if (!isEmpty(value)) return checkId(value, SPACE);
		throw new Mistake('choose a space first, in the field below', 'Then open this list again.');
	});
}

/**
 * The id of the reservation that an item is about: the one entered, or the item's own.
 * @throws NodeOperationError when it is empty, no text, or can't be an id
 */
export function readReservationId(parameters: Parameters): string {
	return parameters.readOr(reservationIdField, 'UltimoId', (value) => checkId(value, RESERVATION));
}

/**
 * What is known of that reservation besides: `SpaceId`, `StartTime` and `EndTime` of the input item,
 * if the item is that reservation, or else the `SpaceId` where it was picked. Not checked.
 */
export function readKnown(parameters: Parameters, UltimoId: string): IDataObject {
	const { input } = parameters;
	const isIt = typeof input.UltimoId === 'string' && input.UltimoId.trim() === UltimoId;
	if (isIt && !isEmpty(input.StartTime)) return input;
	const SpaceId = parameters.read(spaceField, (value) => value as string);
	// An expression may give one of any space.
	const isPicked = !isIt && parameters.isFixed(reservationIdField);
	return isPicked && !isEmpty(SpaceId) ? { SpaceId } : {};
}
