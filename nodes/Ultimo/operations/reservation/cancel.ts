import { readKnown, readReservationId, reservationFields } from '../../fields/reservation';
import { cancelReservation, isFound } from '../../reservations/cancel';
import type { Operation } from '../Operation';

export const cancel: Operation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel a reservation permanently',
	description: "Cancel a reservation and free its space. This can't be undone.",
	fields: reservationFields,
	changes: true,
	sameRequestOnce: true,
	includesInput: true,

	read: (parameters) => ({ UltimoId: readReservationId(parameters) }),

	known: (parameters, { UltimoId }) => readKnown(parameters, UltimoId as string),

	async execute(ultimo, request, { known }) {
		await cancelReservation(ultimo, request, known);
		return [{ ...request, cancelled: true }];
	},

	async dryRun(ultimo, request, { known }) {
		const found = await isFound(ultimo, request, known);
		const seen = found === undefined ? {} : { found };
		return [{ ...request, cancelled: false, dryRun: true, ...seen }];
	},

	skipped: (request, { done }) => ({ ...request, cancelled: done }),
};
