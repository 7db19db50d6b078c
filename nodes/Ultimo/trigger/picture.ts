/** A reservation has three moments: it starts soon, it starts, it ends. */
export const ALL_TOLD = 3;

/** What is kept of a reservation: enough to tell what changed, and what it was before. */
export interface Known {
	space: string;
	/** Milliseconds since 1970, in whole seconds. */
	start: number;
	end: number;
	/** As {@link shortened} makes it. */
	description: string;
	applicant: string;
	applicantName: string;
	status: string;
	/** How many of its moments are over, and told if it was known before. */
	told: number;
	/** Complete pictures in a row that it was missing from. */
	missing: number;
	/** It was cancelled; kept until it is past, in case it comes back. */
	gone: boolean;
	/** How often it was made, changed or cancelled since it is known; a part of the event's key. */
	round: number;
}

/** What was known after the last poll. */
export interface Picture {
	environment: string;
	/** Polls in a row that were not complete. */
	failures: number;
	/** By space: everything that begins and ends in this time is known, in milliseconds since 1970. */
	windows: Map<string, [from: number, till: number]>;
	/** By UltimoId. */
	known: Map<string, Known>;
}

/** Another number makes pictures of older releases unreadable: the next poll then begins anew. */
const FORMAT = '1';
const LONGEST_TEXT = 120;
const MINUTE_MS = 60_000;

/** A text of which a picture keeps the beginning; texts that differ stay different. */
export function shortened(text: string): string {
	// Some databases refuse the zero character.
	const plain = text.replaceAll('\0', '');
	if (plain.length <= LONGEST_TEXT) return plain;
	return `${plain.slice(0, LONGEST_TEXT - 9).replace(/[\uD800-\uDBFF]$/, '')}…${digest(plain)}`;
}

/** FNV-1a of 32 bits: short, and the same in every process. */
export function digest(text: string): string {
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) {
		hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	}
	return (hash >>> 0).toString(36);
}

/**
 * A picture as one text without quotes, which n8n would have to escape: some 25 characters a
 * reservation, and each text (a description, a person, a status) once.
 */
export function pack({ environment, failures, windows, known }: Picture): string {
	const spaces = new Listed();
	const texts = new Listed();
	// First, so that the usual status is number 0, which takes no room.
	for (const { status } of known.values()) texts.at(status);
	const prefix = commonPrefix([...known.keys()]);
	const times = [...known.values()].flatMap(({ start, end }) => [start, end]);
	const unit = times.every((ms) => ms % MINUTE_MS === 0) ? MINUTE_MS : 1000;
	const rows = [...known]
		.sort(([id, one], [otherId, other]) => one.start - other.start || (id < otherId ? -1 : 1))
		.map(([id, one], index, all) => {
			const before = index > 0 ? all[index - 1][1].start : 0;
			const flags = one.told + 4 * Math.min(1, one.missing) + 8 * Number(one.gone);
			return [
				id.slice(prefix.length),
				spaces.at(one.space),
				short((one.start - before) / unit),
				short((one.end - one.start) / unit),
				texts.at(`${one.applicant}\t${one.applicantName}`),
				texts.at(one.description),
				short(flags),
				short(one.round),
				texts.at(one.status),
			];
		});
	const seen = [...windows].map(([space, times]) => [spaces.at(space), ...times.map(short)]);
	const head = [FORMAT, environment, short(failures), short(unit), prefix];
	const packed = [[head], [spaces.all], seen, [texts.all], rows].map(table).join('#');
	return `${packed}#${digest(packed)}`;
}

/** @returns undefined for anything but a text of {@link pack}'s */
export function unpack(text: unknown): Picture | undefined {
	if (typeof text !== 'string' || !text.startsWith(`${FORMAT}|`)) return undefined;
	const end = text.lastIndexOf('#');
	// Of one that was cut off or changed, the next poll would tell what never happened.
	if (digest(text.slice(0, end)) !== text.slice(end + 1)) return undefined;
	const [[head], [spaces = []], seen, [texts = []], rows] = text
		.slice(0, end)
		.split('#')
		.map(untable);
	const [, environment, failures, unit, prefix = ''] = head;
	const textAt = (place: string) => texts[long(place)] ?? '';
	let start = 0;
	return {
		environment,
		failures: long(failures),
		windows: new Map(seen.map(([at, from, till]) => [spaces[long(at)], [long(from), long(till)]])),
		known: new Map(
			rows.map(([id, space, sinceLast, length, person, description, flags, round, status]) => {
				start += long(sinceLast) * long(unit);
				const [applicant, applicantName] = textAt(person).split('\t');
				const known: Known = {
					space: spaces[long(space)],
					start,
					end: start + long(length) * long(unit),
					description: textAt(description),
					applicant,
					applicantName,
					status: textAt(status),
					told: long(flags) & 3,
					missing: (long(flags) >> 2) & 1,
					gone: long(flags) >= 8,
					round: long(round),
				};
				return [prefix + id, known];
			}),
		),
	};
}

/** Values that repeat, each kept once and named by its place. */
class Listed {
	readonly all: string[] = [];
	private readonly places = new Map<string, number>();

	at(value: string): string {
		let place = this.places.get(value);
		if (place === undefined) {
			place = this.all.push(value) - 1;
			this.places.set(value, place);
		}
		return short(place);
	}
}

function commonPrefix([first = '', ...others]: string[]): string {
	let length = first.length;
	for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
	return first.slice(0, length);
}

/** 0 is left out. */
const short = (number: number) => (number === 0 ? '' : number.toString(36));
const long = (text = '') => (text === '' ? 0 : parseInt(text, 36));

const MARKS = '~|;#';
const table = (rows: string[][]) =>
	rows.map((row) => row.map(escaped).join('|').replace(/\|+$/, '')).join(';');
const untable = (text: string) =>
	text === '' ? [] : text.split(';').map((row) => row.split('|').map(unescaped));
const escaped = (text: string) => text.replace(/[~|;#]/g, (mark) => `~${MARKS.indexOf(mark)}`);
const unescaped = (text: string) => text.replace(/~(\d)/g, (_, place) => MARKS[Number(place)]);
