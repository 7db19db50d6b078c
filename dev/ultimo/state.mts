import { wallTime } from './dates.mts';
import { count } from './ledger.mts';
import type { Environment } from './requests.mts';

const daysShown = 3;
const dayMs = 86_400_000;

/** What the page shows: `day`, by default today, and those after it, in the environment's time. */
export function state({ options, rooms, ledger }: Environment, day?: string) {
	const now = options.clock();
	const { apiKey, zone, windowMs, requestsPerWindow } = options;
	const wallNow = wallTime(now, zone);
	const today = wallNow.slice(0, 10);
	const isDay = /^\d{4}-\d\d-\d\d$/.test(day ?? '') && !Number.isNaN(Date.parse(day!));
	const firstDay = Date.parse(isDay ? day! : today);
	// Minutes since the first day's midnight: over 1440 for the days after.
	const minute = (ms: number) => (Date.parse(`${wallTime(ms, zone)}Z`) - firstDay) / 60_000;

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
		apiKey,
		windowMs,
		requestsPerWindow,
		today,
		days: Array.from({ length: daysShown }, (_, index) =>
			new Date(firstDay + index * dayMs).toISOString().slice(0, 10),
		),
		spaces: [...rooms.spaces.values()].map(
			({ id, name, preparationMinutes = 0, cleanupMinutes = 0 }) => ({
				id,
				name,
				preparationMinutes,
				cleanupMinutes,
			}),
		),
		people: [...rooms.applicants.values()].map(({ id, name, email, externalId, status = 1 }) => ({
			id,
			name,
			email,
			externalId,
			hasLeft: status < 0,
		})),
		reservations: shown.map(({ start: _start, end: _end, ...reservation }) => ({
			...reservation,
			ApplicantName: rooms.applicants.get(reservation.ApplicantId)?.name ?? '',
		})),
		window: count(ledger, now - windowMs),
		total: count(ledger),
	};
}
