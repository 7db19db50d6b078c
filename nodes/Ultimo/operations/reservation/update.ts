import { changedPeriodFields, readPeriod } from '../../fields/period';
import { readKnown, readReservationId, reservationFields } from '../../fields/reservation';
import { startOrEnd } from '../../reservations/list';
import type { Operation } from '../Operation';

const NOTHING_NEW =
	'A reservation was sent the Start Time and End Time that it had already. Enter the new ones.';

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a reservation',
	description: 'Move a reservation to a new start and end',
	fields: [...reservationFields, ...changedPeriodFields],
	changes: true,
	// One reservation may have to leave a time before the next can take it.
	inOrder: true,

	read(parameters) {
		const UltimoId = readReservationId(parameters);
		const [StartTime, EndTime] = readPeriod(parameters);
		return { UltimoId, StartTime, EndTime };
	},

	known: (parameters, { UltimoId }) => readKnown(parameters, UltimoId as string),

	async execute(ultimo, request, { StartTime, EndTime } = {}) {
		const had = [StartTime, EndTime].map((time) => startOrEnd(time, ultimo.zone));
		const gets = [request.StartTime, request.EndTime].map((time) => Date.parse(time as string));
		if (had.join() === gets.join()) ultimo.run.notes.add(NOTHING_NEW);
		await ultimo.ask('REST_UpdateReservation', request);
		return [{ ...request, updated: true }];
	},

	skipped: (request, updated) => ({ ...request, updated }),
};
