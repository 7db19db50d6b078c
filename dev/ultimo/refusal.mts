import { codes, type Action } from './contract.mts';
import type { Refused, UltimoOptions } from './options.mts';

/** Ultimo's no on its way out of an action: nothing was done. */
export class Refusal extends Error {
	constructor(
		readonly code: string,
		message: string,
		readonly status = 400,
	) {
		super(message);
	}
}

export const notModified = 'Room reservation cannot be modified.\r\nCause: ';
export const notRequested = 'Room reservation cannot be requested or processed.\r\nCause: ';

const told = ({ code, message, status }: Refused) => new Refusal(code, message, status);

/** Throws unless the switch lets the action succeed; `usual` is what 'refused' stands for. */
export function unlessAccepted(setting: 'success' | 'refused' | Refused, usual: Refused) {
	if (setting !== 'success') throw told(setting === 'refused' ? usual : setting);
}

export type Fields = Record<string, string>;

/** The action's fields, all of them there and text. */
export function fieldsOf(action: Action, body: unknown, options: UltimoOptions): Fields {
	const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
	for (const name of action.fields) {
		const value = given[name];
		const mayBeEmpty = name === 'ExternalId' && options.emptyExternalId === 'accepted';
		if (value === undefined || (value === '' && !mayBeEmpty))
			throw new Refusal(codes.badField, `${name} is required.`);
		if (typeof value !== 'string') throw new Refusal(codes.badField, `${name} is not text.`);
	}
	const fields = given as Fields;
	const { refuse } = options;
	if (action.fields.includes('UltimoId') && Object.hasOwn(refuse, fields.UltimoId))
		throw told(refuse[fields.UltimoId]);
	return fields;
}
