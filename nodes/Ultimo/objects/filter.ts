import type { IDataObject } from 'n8n-workflow';

/** The `filter` of Ultimo's REST objects, as its pages describe it, and the query that it stands in. */

/** A text as a literal. Ultimo knows no escape in it but the doubled quote. */
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

export const equals = (property: string, text: string) => `${property} eq ${literal(text)}`;

/** What to ask Ultimo for, and which of the objects that it gives are meant, where these may be less. */
export interface Condition {
	filter?: string;
	fits?(item: IDataObject): boolean;
}

/** Objects with this text in one of the properties, in capitals or not. */
export function having(text: string | undefined, ...properties: string[]): Condition {
	if (text === undefined) return {};
	const filter = properties.map((one) => `${one} like ${literal(`%${text}%`)}`).join(' or ');
	// To Ultimo these stand for any text and for any letter, and there is no way to say otherwise.
	if (!/[%_]/.test(text)) return { filter };
	const lower = text.toLowerCase();
	const has = (value: unknown) => String(value).toLowerCase().includes(lower);
	return { filter, fits: (item) => properties.some((one) => has(item[one])) };
}

/** All conditions that there are; none for all objects. */
export function allOf(conditions: Array<string | undefined>): string | undefined {
	const given = conditions.filter(Boolean);
	return given.length > 0 ? given.map((one) => `(${one})`).join(' and ') : undefined;
}

/** A query as a URL takes it, with every character encoded that could mean something in it. */
export function queryOf(options: Record<string, string | number | undefined>): string {
	const given = new URLSearchParams();
	for (const [name, value] of Object.entries(options)) {
		if (value !== undefined) given.set(name, String(value));
	}
	// A plus for a blank is read as a plus by some servers.
	return given.toString().replaceAll('+', '%20');
}
