import { offsetMs, wallTime } from './dates.mts';

export interface Space {
	id: string;
	name: string;
	preparationMinutes?: number;
	cleanupMinutes?: number;
}

export interface Applicant {
	id: string;
	name: string;
}

export interface Reservation {
	UltimoId: string;
	ExternalId: string;
	Description: string;
	SpaceId: string;
	ApplicantId: string;
	/** ms */
	start: number;
	end: number;
	status: 'Processed' | 'Cancelled';
	/** When it last was cancelled, in ms. */
	cancelledAt?: number;
}

export interface Seed {
	spaces: Space[];
	applicants: Applicant[];
	reservations: Reservation[];
}

export const spaces: Space[] = [
	{ id: 'C-25', name: 'Meeting room 2' },
	{ id: 'C-26', name: 'Meeting room 3' },
	{ id: '003.0.10', name: 'Board room', preparationMinutes: 15, cleanupMinutes: 15 },
	{ id: '003.1.04', name: 'Project room' },
	{ id: 'A-101', name: 'Training room', preparationMinutes: 30, cleanupMinutes: 15 },
];

export const applicants: Applicant[] = [
	{ id: 'ULTIMO', name: 'Fasse, J.' },
	{ id: 'BAKKER', name: 'Bakker, M.' },
	{ id: 'NOVAK', name: 'Novak, P.' },
	{ id: '000451', name: 'Osei, A.' },
];

/** Days from today, space, applicant, from and till in wall-clock hours, description. Today comes
 * last, so that the first ids can be cancelled at any hour. */
const plan: Array<[number, number, number, number, number, string]> = [
	[1, 0, 0, 8, 9.5, 'Team meeting Front office'],
	[1, 0, 1, 10, 11, 'Job interview'],
	[1, 0, 2, 13, 15, 'Sprint review'],
	[1, 1, 3, 9, 10, 'One to one'],
	[1, 1, 0, 10.5, 12, 'Supplier visit'],
	[1, 2, 1, 9, 12, 'Board meeting'],
	[1, 2, 2, 14, 16.5, 'Budget round'],
	[1, 3, 3, 8.5, 17, 'Project office'],
	[1, 4, 0, 9, 12.5, 'First aid course, part 1'],
	[1, 4, 0, 13.5, 16, 'First aid course, part 2'],
	[2, 0, 1, 9, 10, 'Stand-up Facilities'],
	[2, 0, 2, 11, 12.5, 'Customer call'],
	[2, 1, 3, 13, 14, 'Job interview'],
	[2, 2, 0, 10, 12, 'Works council'],
	[2, 3, 3, 8.5, 17, 'Project office'],
	[2, 4, 1, 13, 17, 'Onboarding'],
	[0, 0, 0, 9, 10.5, 'Team meeting Back office'],
	[0, 1, 2, 14, 15, 'Design review'],
	[0, 2, 1, 10, 11.5, 'Management team'],
	[0, 3, 3, 8.5, 17, 'Project office'],
	[0, 4, 0, 13, 16, 'Fire drill briefing'],
];

const idOf = (number: number) => String(number).padStart(11, '0');

/** Rooms, applicants and reservations of the day of `now` and the two after it: ids 00000006710 on. */
export function demoSeed(now: number, utcOffset: string): Seed {
	const midnight = Date.parse(wallTime(now, utcOffset).slice(0, 10)) - offsetMs(utcOffset);
	const at = (day: number, hour: number) => midnight + (day * 24 + hour) * 3_600_000;
	const reservations = plan.map(([day, space, applicant, from, till, Description], index) => ({
		UltimoId: idOf(6710 + index),
		ExternalId: `cal-${6710 + index}`,
		Description,
		SpaceId: spaces[space].id,
		ApplicantId: applicants[applicant].id,
		start: at(day, from),
		end: at(day, till),
		status: 'Processed' as const,
	}));
	return { spaces, applicants, reservations };
}

/** Reservations of an hour, end to end from the day after `now` on: in one space, or in all by
 * turns. Ids 00000100000 on. */
export function manyReservations(
	count: number,
	spaceId?: string,
	now: number = Date.now(),
): Reservation[] {
	const rooms = spaceId === undefined ? spaces.map(({ id }) => id) : [spaceId];
	const first = (Math.floor(now / 3_600_000) + 24) * 3_600_000;
	return Array.from({ length: count }, (_, index) => {
		const start = first + Math.floor(index / rooms.length) * 3_600_000;
		return {
			UltimoId: idOf(100_000 + index),
			ExternalId: `cal-${100_000 + index}`,
			Description: `Reservation ${index + 1} of ${count}`,
			SpaceId: rooms[index % rooms.length],
			ApplicantId: applicants[index % applicants.length].id,
			start,
			end: start + 3_600_000,
			status: 'Processed' as const,
		};
	});
}
