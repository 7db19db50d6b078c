import { readReservationId, reservationFields } from '../../fields/reservation';
import type { Operation } from '../Operation';

export const cancel: Operation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel a reservation permanently',
	description: "Cancel a reservation and free its space. This can't be undone.",
	fields: reservationFields,
	sameRequestOnce: true,

	read: (parameters) => ({ UltimoId: readReservationId(parameters) }),

	async execute(ultimo, request) {
		await ultimo.ask('REST_CancelReservation', request);
		return [{ ...request, cancelled: true }];
	},

	dryRun: (request) => ({ ...request, cancelled: false, dryRun: true }),

	skipped: (request) => ({ ...request, cancelled: false }),
};
