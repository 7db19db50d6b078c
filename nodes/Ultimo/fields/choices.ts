import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { given, Mistake } from './parameter';
import { written } from '../transport/words';

/** A yes or no, from a switch or from an expression that gives it as text. */
export function asBoolean(value: unknown): boolean {
	const text = written(value).trim().toLowerCase();
	if (text === 'true' || text === 'false') return text === 'true';
	throw new Mistake(`${given(value)} is neither true nor false`, 'Check the expression.');
}

/** One of a field's choices; an expression, or a choice of another operation, may be none. */
export const oneOf =
	({ options }: INodeProperties) =>
	(value: unknown): string => {
		const choices = options as INodePropertyOptions[];
		const chosen = choices.find((one) => one.value === value);
		if (chosen) return String(chosen.value);
		const all = choices.map((one) => `${one.name} (${one.value})`).join(', ');
		throw new Mistake(`${given(value)} is none of its choices`, `Choose one of ${all}.`);
	};
