import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';

const LONGEST_ID = 50;
const WHERE = 'The id of a reservation is its UltimoId, for example 00000006712.';

export const reservationIdField: INodeProperties = {
	displayName: 'Reservation',
	name: 'reservationId',
	type: 'resourceLocator',
	default: { mode: 'id', value: '={{ $json.UltimoId }}' },
	required: true,
	description: 'The reservation to work on; filled in with the UltimoId of the step before',
	hint: 'Ultimo IDs are text: in a spreadsheet, format their column as text to keep leading zeros',
	modes: [
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 00000006712',
		},
	],
};

/**
 * The id of the reservation that an item is about.
 * @throws NodeOperationError when it is empty, no text, or can't be an id
 */
export function readReservationId(this: IExecuteFunctions, itemIndex: number): string {
	const value: unknown = this.getNodeParameter('reservationId', itemIndex, undefined, {
		extractValue: true,
	});
	const refuse = (message: string, description: string) =>
		new NodeOperationError(this.getNode(), `Reservation: ${message}`, { description, itemIndex });

	if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) {
		throw refuse(
			'the id is empty',
			`${WHERE} Check that the item before has a field UltimoId, or enter another expression.`,
		);
	}
	if (typeof value === 'number') {
		throw refuse(
			`Ultimo ids are text: ${value} lost its leading zeros`,
			`${WHERE} Where it comes from a spreadsheet or CSV file, set the column's format to text.`,
		);
	}
	if (typeof value !== 'string') {
		throw refuse(
			`the id is not text but ${Array.isArray(value) ? 'a list' : `of type ${typeof value}`}`,
			`${WHERE} To work on several reservations, send one item for each.`,
		);
	}
	const id = value.trim();
	if (
		id.length > LONGEST_ID ||
		!/^[\p{L}\p{N}._:/-]+$/u.test(id) ||
		/^(undefined|null|nan|true|false)$/i.test(id)
	) {
		const shown = id.length > LONGEST_ID ? `${id.slice(0, LONGEST_ID)}…` : id;
		throw refuse(
			`"${shown}" can't be an id`,
			`${WHERE} To work on several reservations, send one item for each.`,
		);
	}
	return id;
}
