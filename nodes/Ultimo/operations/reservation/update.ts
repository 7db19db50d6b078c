import { changedPeriodFields, readPeriod } from '../../fields/period';
import { readReservationId, reservationFields } from '../../fields/reservation';
import type { Operation } from '../Operation';

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a reservation',
	description: 'Move a reservation to a new start and end',
	fields: [...reservationFields, ...changedPeriodFields],
	// One reservation may have to leave a time before the next can take it.
	inOrder: true,

	read(parameters) {
		const UltimoId = readReservationId(parameters);
		const [StartTime, EndTime] = readPeriod(parameters);
		return { UltimoId, StartTime, EndTime };
	},

	async execute(ultimo, request) {
		await ultimo.ask('REST_UpdateReservation', request);
		return [{ ...request, updated: true }];
	},

	skipped: (request) => ({ ...request, updated: false }),
};
