import { askUltimo } from '../../transport/request';
import type { Operation } from '../Operation';
import { readReservationId, reservationFields } from '../../fields/reservation';

export const cancel: Operation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel a reservation permanently',
	description: "Cancel a reservation and free its space. This can't be undone.",
	fields: reservationFields,
	sameRequestOnce: true,

	read(itemIndex) {
		return { UltimoId: readReservationId.call(this, itemIndex) };
	},

	async execute(session, request, itemIndex) {
		const ask = { action: 'REST_CancelReservation', repeatable: true, done: 'cancelled' } as const;
		await askUltimo.call(this, session, { ...ask, body: request }, itemIndex);
		return [{ ...request, cancelled: true }];
	},

	dryRun: (request) => ({ ...request, cancelled: false, dryRun: true }),

	skipped: (request) => ({ ...request, cancelled: false }),
};
