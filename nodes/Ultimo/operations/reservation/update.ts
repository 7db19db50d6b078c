import { changedPeriodFields, readPeriod, zonedPeriod } from '../../fields/period';
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
	includesInput: true,

	read(parameters) {
		const UltimoId = readReservationId(parameters);
		const [StartTime, EndTime] = readPeriod(parameters);
		return { UltimoId, StartTime, EndTime };
	},

	known: (parameters, { UltimoId }) => readKnown(parameters, UltimoId as string),

	async execute(ultimo, request, { known }) {
		// Only what Ultimo lists has a status; in other items these may be the times to be.
		const had = [known.StartTime, known.EndTime].map((time) => startOrEnd(time, ultimo.zone));
		const gets = [request.StartTime, request.EndTime].map((time) => Date.parse(time as string));
		if (known.Status !== undefined && had.join() === gets.join()) ultimo.run.notes.add(NOTHING_NEW);
		await ultimo.ask('REST_UpdateReservation', request);
		return [{ ...request, ...zonedPeriod(request, ultimo.zone), updated: true }];
	},

	skipped: (request, { zone, done }) => ({
		...request,
		...zonedPeriod(request, zone),
		updated: done,
	}),
};
