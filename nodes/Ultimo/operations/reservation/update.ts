import { askUltimo } from '../../transport/request';
import type { Operation } from '../Operation';
import { changedPeriodFields, readPeriod } from '../../fields/period';
import { readReservationId, reservationFields } from '../../fields/reservation';

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a reservation',
	description: 'Move a reservation to a new start and end',
	fields: [...reservationFields, ...changedPeriodFields],
	// One reservation may have to leave a time before the next can take it.
	inOrder: true,

	read(itemIndex) {
		const UltimoId = readReservationId.call(this, itemIndex);
		const [StartTime, EndTime] = readPeriod.call(this, itemIndex);
		return { UltimoId, StartTime, EndTime };
	},

	async execute(session, request, itemIndex) {
		const ask = { action: 'REST_UpdateReservation', repeatable: true, done: 'changed' } as const;
		await askUltimo.call(this, session, { ...ask, body: request }, itemIndex);
		return [{ ...request, updated: true }];
	},

	skipped: (request) => ({ ...request, updated: false }),
};
