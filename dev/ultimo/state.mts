import { wallTime } from './dates.mts';
import { count } from './ledger.mts';
import type { Environment } from './requests.mts';

const daysShown = 3;
const dayMs = 86_400_000;

/** What the page shows: today and the days after it, in the environment's own time. */
export function state({ options, rooms, ledger }: Environment) {
	const now = options.clock();
	const { utcOffset, windowMs, requestsPerWindow } = options;
	const wallNow = wallTime(now, utcOffset);
	const today = Date.parse(wallNow.slice(0, 10));
	// Minutes since today's midnight: over 1440 for the days after.
	const minute = (ms: number) => (Date.parse(`${wallTime(ms, utcOffset)}Z`) - today) / 60_000;

	const shown = [...rooms.reservations.values()]
		.map((reservation) => ({
			...reservation,
			from: minute(reservation.start),
			till: minute(reservation.end),
		}))
		.filter(({ from, till }) => till > 0 && from < daysShown * 1440);

	return {
		now,
		wallNow,
		windowMs,
		requestsPerWindow,
		days: Array.from({ length: daysShown }, (_, day) =>
			new Date(today + day * dayMs).toISOString().slice(0, 10),
		),
		spaces: [...rooms.spaces.values()].map(({ id, name }) => ({ id, name })),
		reservations: shown.map(
			({ UltimoId, SpaceId, ApplicantId, Description, status, cancelledAt, from, till }) => ({
				UltimoId,
				SpaceId,
				Description,
				ApplicantName: rooms.applicants.get(ApplicantId)?.name ?? ApplicantId,
				status,
				cancelledAt,
				from,
				till,
			}),
		),
		window: count(ledger, now - windowMs),
		total: count(ledger),
	};
}
