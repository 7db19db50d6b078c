import { RESERVATIONS_PER_ANSWER as MOST } from '../transport/limits';

/** How many to aim at: near to {@link MOST}, with room for days that are busier than the one before. */
const AIM = 86;
/** Over how many others a reservation may last and still be found for sure; see {@link sweep}. */
const OVERHANG = 25;
const GROWTH = 8;
const SECOND = 1000;

/** A reservation and when it is, in milliseconds since 1970. */
export interface Found<T> {
	id: string;
	start: number;
	end: number;
	item: T;
}

/** The time, as short as can be asked for, of which Ultimo has more than it gives. */
export interface TooDense {
	dense: [from: number, till: number];
}

/**
 * All reservations of a window, each once, in order of start, from an Ultimo that gives at most
 * {@link MOST} of a window in no known order. Works through it in windows of about {@link AIM}, the next
 * one as long as the density of the last one suggests, and repeats those shorter that come back full.
 *
 * What Ultimo takes for "in" a window is undocumented. If it is enough to reach into it, windows
 * that touch find everything. If it must lie within, a reservation across the border of two would be
 * in neither; so until one was seen that reaches over a border, which tells the first kind, the next
 * window begins {@link OVERHANG} reservations before the border. One that is missed then lasts over
 * that many others, which Ultimo's refusal to reserve a space twice (code 1015) rules out. Borders
 * are laid into reservations, so that the first kind shows at once and costs nothing.
 *
 * It does not rule them out for cancelled reservations, which hold no space. If Ultimo lists these,
 * and what lies within, then a cancelled one over that many others can be missed: one of 30 hours,
 * say, in a space that is reserved around the clock.
 *
 * @param get what Ultimo gives for a window, in whole seconds
 * @param enough asked now and then with all that start before some time: whether that will do
 */
export async function sweep<T>(
	get: (from: number, till: number) => Promise<Array<Found<T>>>,
	from: number,
	till: number,
	enough: (sorted: Array<Found<T>>) => boolean = () => false,
): Promise<Array<Found<T>> | TooDense> {
	const found = new Map<string, Found<T>>();
	let reachIsEnough = false;
	/** All that start before it are found. */
	let begin = from;
	/** All between `begin` and it are found. */
	let known = from;
	let end = till;
	/** The shortest window from `begin` on that came back full. */
	let full = Infinity;

	for (;;) {
		const answer = sorted(await get(begin, end));
		reachIsEnough ||= answer.some((one) => one.start < begin || one.end > end);

		if (answer.length < MOST) {
			for (const one of answer) found.set(one.id, one);
			if (end === till) return sorted(found.values());
			// The next window has these again, and room for others.
			const again = answer.filter((one) => one.end > end).length;
			const room = Math.max(AIM - again, (MOST - again) / 2);
			const growth = Math.min(GROWTH, room / Math.max(0.5, answer.length - again));
			const length = (end - begin) * growth + SECOND;
			known = end;
			// A second back, for an Ultimo that leaves out what begins or ends right at a border.
			const next = reachIsEnough ? end - SECOND : answer.at(-OVERHANG)?.start;
			if (next !== undefined && next > begin) {
				begin = whole(next);
				full = Infinity;
				const before = sorted(found.values()).filter(({ start }) => start < begin);
				if (enough(before)) return before;
			}
			end = Math.min(till, Math.max(whole(begin + length), known + SECOND));
		} else {
			full = end;
			end = cut(answer, known, full);
		}
		if (end >= full) end = whole((known + full) / 2);
		if (end <= known) return { dense: [known, full] };
	}
}

/** Where to end a window that came back full, by what it gave. */
function cut(answer: Array<Found<unknown>>, known: number, full: number): number {
	const middle = ({ start, end }: Found<unknown>) => whole((start + end) / 2);
	const last = answer[answer.length - 1].start;
	const usualGap = (last - answer[0].start) / answer.length;
	// These seem to be the first of the window, or else any of it.
	const first = full - last > 10 * usualGap;
	const end = first ? middle(answer[AIM]) : Math.min(middle(answer[MOST / 2]), (known + full) / 2);
	return end > known && end < full ? whole(end) : whole((known + full) / 2);
}

function sorted<T>(some: Iterable<Found<T>>): Array<Found<T>> {
	// A time that can't be read sorts to the end.
	const when = ({ start }: Found<T>) => (Number.isNaN(start) ? Infinity : start);
	return [...some].sort((one, other) => {
		const [here, there] = [when(one), when(other)];
		if (here !== there) return here < there ? -1 : 1;
		return one.id < other.id ? -1 : 1;
	});
}

function whole(ms: number): number {
	return Math.floor(ms / SECOND) * SECOND;
}
