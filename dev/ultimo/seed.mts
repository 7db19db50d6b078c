import { onTheDay } from './dates.mts';
import { defaults } from './options.mts';

export interface Space {
	id: string;
	name: string;
	/** 1, the default, is a room, 2 a lettable unit, 4 a parking place. */
	context?: 1 | 2 | 4;
	/** 1 by default. */
	status?: number;
	site?: string;
	buildingFloor?: string;
	/** In ms. */
	changed?: number;
	preparationMinutes?: number;
	cleanupMinutes?: number;
}

/** An employee. */
export interface Applicant {
	id: string;
	/** 'Fasse, J.' */
	name: string;
	firstName?: string;
	email?: string;
	phone?: string;
	/** The personnel number, where the id is something else. */
	externalId?: string;
	/** 1 by default; -1: has left. */
	status?: number;
	site?: string;
	department?: string;
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
	/** 'Cancelled' when it is, whatever the environment calls that. */
	status: string;
	/** False: it does not hold its space (yet). */
	holds?: false;
	/** When it last was cancelled, in ms. */
	cancelledAt?: number;
}

export interface Seed {
	spaces: Space[];
	applicants: Applicant[];
	reservations: Reservation[];
}

const changed = Date.parse('2026-01-05T08:30:00Z');
const room = (id: string, name: string, buildingFloor: string, more?: Partial<Space>): Space => ({
	id,
	name,
	buildingFloor,
	site: '01',
	changed,
	...more,
});

/** The last three are in no reservation: names that want quoting, and what is no room. */
export const spaces: Space[] = [
	room('C-25', 'Meeting room 2', 'C-2'),
	room('C-26', 'Meeting room 3', 'C-2'),
	room('003.0.10', 'Board room', '003.0', { preparationMinutes: 15, cleanupMinutes: 15 }),
	room('003.1.04', 'Project room', '003.1'),
	room('A-101', 'Training room', 'A-1', { preparationMinutes: 30, cleanupMinutes: 15 }),
	room('A/102', "Director's room", 'A-1'),
	room('Z-01', 'Zürich 100% & more', 'Z-0', { site: '02' }),
	room('P-01', 'Parking place 1', 'P-0', { site: '02', context: 4 }),
];

const person = (
	id: string,
	name: string,
	email?: string,
	more?: Partial<Applicant>,
): Applicant => ({
	id,
	name,
	email,
	site: '01',
	...more,
});

export const applicants: Applicant[] = [
	person('ULTIMO', 'Fasse, J.', 'j.fasse@example.com', { externalId: 'HR-1001', department: '10' }),
	person('BAKKER', 'Bakker, M.', 'm.bakker@example.com', { externalId: 'HR-1002', phone: '1002' }),
	person('NOVAK', 'Novak, P.', 'p.novak@example.com', { externalId: 'HR-1003', site: '02' }),
	person('000451', 'Osei, A.', 'A.Osei@example.com', { externalId: 'HR-1004', firstName: 'Ama' }),
	person("O'BRIEN", "O'Brien, S.", "s.o'brien@example.com", { externalId: "HR-10'05" }),
	person('MÜLLER', 'Müller-Groß, Ä.', 'ä.müller@example.com', { firstName: 'Änne' }),
	person('TANAKA', '田中, 美.', 'm.tanaka@example.com', { firstName: '美咲' }),
	person('R&D/07', 'Lab 100%, L.', 'lab_7+100%@example.com', { department: '30' }),
	// One mailbox for two, as receptions have it.
	person('JANSEN', 'Jansen, K.', 'reception@example.com', { firstName: 'Karin' }),
	person('JANSEN2', 'Jansen, K.', 'reception@example.com', { firstName: 'Koen' }),
	person('CANTEEN', 'Canteen', undefined, { department: '40' }),
	person('DEVRIES', 'Vries, T. de', 't.devries@example.com', { status: -1 }),
];

/** Days from today, space, applicant, from and till in wall-clock hours, description. Today comes
 * late, so that the first ids can be cancelled at any hour. */
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
	[2, 0, 4, 14, 15, 'Intake'],
	[2, 1, 11, 15, 16, 'Farewell drinks'],
	[1, 1, 3, 14, 15, '[hold] Visitors'],
	[1, 4, 2, 17.5, 18.5, '[hold] Training'],
];

const idOf = (number: number) => String(number).padStart(11, '0');

/** Rooms, applicants and reservations of the day of `now` and the two after it: ids 00000006710 on. */
export function demoSeed(now: number, zone: string = defaults.zone): Seed {
	const reservations = plan.map(([day, space, applicant, from, till, Description], index) => ({
		UltimoId: idOf(6710 + index),
		ExternalId: `cal-${6710 + index}`,
		Description,
		SpaceId: spaces[space].id,
		ApplicantId: applicants[applicant].id,
		start: onTheDay(now, day, from, zone),
		end: onTheDay(now, day, till, zone),
		status: 'Processed',
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
			status: 'Processed',
		};
	});
}
