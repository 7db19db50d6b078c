import { RESERVATIONS_PER_ANSWER as MOST } from '../transport/limits';

/** Which share of the most to aim at: with room for days that are busier than the one before. */
const AIM = 0.86;
/** Over which share of the most a reservation may last and still be found for sure; see {@link sweep}. */
const OVERHANG = 0.25;
/** Requests that a list may take besides three for each time that its reservations fill an answer. */
const SPARE_REQUESTS = 200;
const MOST_REQUESTS = 1_000;
const GROWTH = 8;
const SECOND = 1000;

/** A reservation and when it is, in milliseconds since 1970. */
export interface Found<T> {
	id: string;
	start: number;
	end: number;
	item: T;
}

export interface Swept<T> {
	/** In order of start. */
	found: Array<Found<T>>;
	/** Whether some may be missing that last over many others. */
	mayLack: boolean;
}

/** The time, as short as can be asked for, of which Ultimo has more than it gives. */
export interface TooDense {
	dense: [from: number, till: number];
}

/** Windows that do not get on: what Ultimo gives of them does not fit together. */
export interface Endless {
	requests: number;
	reservations: number;
}

/**
 * All reservations of a window, each once, in order of start, from an Ultimo that gives at most
 * `most` of a window in no known order. Works through it in windows of about {@link AIM} of that, the next
 * one as long as the density of the last one suggests, and repeats those shorter that come back full.
 *
 * What Ultimo takes for "in" a window is undocumented. If it is enough to reach into it, windows
 * that touch find everything. If it must lie within, a reservation across the border of two would be
 * in neither; so until one was seen that reaches over a border, which tells the first kind, the next
 * window begins {@link OVERHANG} of the most before the border. One that is missed then lasts over
 * that many others, which Ultimo's refusal to reserve a space twice (code 1015) rules out. Borders
 * are laid into reservations, so that the first kind shows at once and costs nothing.
 *
 * It does not rule them out for cancelled reservations, which hold no space. If Ultimo lists these,
 * and what lies within, then a cancelled one over that many others can be missed: one of 30 hours,
 * say, in a space that is reserved around the clock. If it lists what ends within, a long one is found
 * only after others that start later, so what comes first is not sure before all is found.
 *
 * @param get what Ultimo gives for a window, in whole seconds
 * @param enough asked now and then with all that start before some time: whether that will do
 * @param mostOf after each answer, how many may be not all
 */
export async function sweep<T>(
	get: (from: number, till: number) => Promise<Array<Found<T>>>,
	from: number,
	till: number,
	enough: (sorted: Array<Found<T>>) => boolean = () => false,
	mostOf = () => MOST,
): Promise<Swept<T> | TooDense | Endless> {
	const found = new Map<string, Found<T>>();
	let reachesOut = false;
	let reachesIn = false;
	/** All that start before it are found. */
	let begin = from;
	/** All between `begin` and it are found. */
	let known = from;
	let end = till;
	/** The shortest window from `begin` on that came back full. */
	let full = Infinity;

	for (let requests = 1; ; requests++) {
		const answer = sorted(await get(begin, end));
		const most = mostOf();
		reachesIn ||= answer.some((one) => one.start < begin);
		reachesOut ||= answer.some((one) => one.end > end);
		const reachIsEnough = reachesIn || reachesOut;
		const budget = SPARE_REQUESTS + (3 * found.size) / most;
		if (requests >= Math.min(MOST_REQUESTS, budget)) return { requests, reservations: found.size };

		if (answer.length < most) {
			for (const one of answer) found.set(one.id, one);
			const mayLack = requests > 1 && !reachIsEnough;
			if (end === till) return { found: sorted(found.values()), mayLack };
			// The next window has these again, and room for others.
			const again = answer.filter((one) => one.end > end).length;
			const room = Math.max(most * AIM - again, (most - again) / 2);
			const growth = Math.min(GROWTH, room / Math.max(0.5, answer.length - again));
			const length = (end - begin) * growth + SECOND;
			known = end;
			// A second back, for an Ultimo that leaves out what begins or ends right at a border.
			const next = reachIsEnough ? end - SECOND : answer.at(-Math.ceil(most * OVERHANG))?.start;
			if (next !== undefined && next > begin) {
				begin = whole(next);
				full = Infinity;
				const before = sorted(found.values()).filter(({ start }) => start < begin);
				if (enough(before)) return { found: before, mayLack: !reachesOut };
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
	const at = (share: number) => middle(answer[Math.floor(answer.length * share)]);
	const end = first ? at(AIM) : Math.min(at(0.5), (known + full) / 2);
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
