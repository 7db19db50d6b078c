import { isEmpty, Mistake, shown, visible } from './parameter';

const LONGEST_ID = 50;

/** How the builder of a workflow knows an id. */
interface Kind {
	/** A sentence that says where to find such an id. */
	where: string;
	/** What to do with several ids in one field. */
	several: string;
	/** Which texts can be an id at all. */
	pattern: RegExp;
}

export const RESERVATION: Kind = {
	where:
		'The ID of a reservation is its UltimoId, for example 00000006712. Pick or enter one, or let the step before give items with a field UltimoId, as Get Many does.',
	several: 'To work on several reservations, send one item for each.',
	// Not what a language model writes where it knows none.
	pattern: /^(?!(?:none|n\/?a|unknown|[._:/-]*)$)[\p{L}\p{N}._:/-]+$/iu,
};

/** Customers choose these ids themselves, so only what is surely no id or several is refused. */
const OWN_ID = /^(?:[^\p{C}\s,;{}[\]"<>]| )+$/u;

export const SPACE: Kind = {
	where: 'The ID of a space is for example C-25 or 003.0.10; Ultimo shows it with the space.',
	several: 'For several spaces, send one item for each.',
	pattern: OWN_ID,
};

export const APPLICANT: Kind = {
	where: 'The ID of an employee is for example ULTIMO; it is neither a name nor an e-mail address.',
	several: 'A reservation has one applicant.',
	pattern: OWN_ID,
};

/**
 * An id as Ultimo knows it, without blanks around it.
 * @throws Mistake when it is empty, no text, or can't be an id
 */
export function checkId(value: unknown, { where, several, pattern }: Kind): string {
	if (isEmpty(value)) {
		throw new Mistake('the ID is empty', where);
	}
	if (typeof value === 'number' && Number.isFinite(value)) {
		const lost = Number.isInteger(value) ? 'leading zeros' : 'zeros';
		throw new Mistake(
			`Ultimo IDs are text: ${value} lost its ${lost}`,
			`${where} Where it comes from a spreadsheet or CSV file, set the column's format to text.`,
		);
	}
	if (typeof value !== 'string') {
		const type = Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
		throw new Mistake(`the ID is not text but ${type}: ${shown(value)}`, `${where} ${several}`);
	}
	const id = value.trim();
	const isWord = /^(undefined|null|nan|true|false|invalid date(time)?)$/i.test(id);
	if (id.length > LONGEST_ID || isWord || !pattern.test(id)) {
		throw new Mistake(`"${visible(id)}" can't be an ID`, `${where} ${several}`);
	}
	return id;
}
