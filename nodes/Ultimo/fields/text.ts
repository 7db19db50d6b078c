import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { isEmpty, Mistake, shown, type Parameters } from './parameter';

const LONGEST_TEXT = 1000;

/**
 * The filters that were added, by name, checked.
 *
 * One that is there but empty is a mistake: an expression that found nothing would list all, perhaps
 * to be cancelled next.
 * @param field the collection
 * @param checks of those filters that are not just texts
 * @throws NodeOperationError that names the filter
 */
export function readFilters<Name extends string>(
	parameters: Parameters,
	field: INodeProperties,
	checks: Partial<Record<Name, (value: unknown) => string>> = {},
): Partial<Record<Name, string>> {
	const typed = parameters.read(field, (value) => (value || {}) as IDataObject);
	const found: Partial<Record<Name, string>> = {};
	for (const { name, displayName } of field.options as Array<INodeProperties & { name: Name }>) {
		// A model has to fill in every filter that it is offered.
		if (!Object.hasOwn(typed, name) || (parameters.ofModel && isEmpty(typed[name]))) continue;
		found[name] = parameters.check(displayName, () => {
			if (isEmpty(typed[name])) {
				throw new Mistake('the filter is empty', 'Fill it in, check its expression, or remove it.');
			}
			return (checks[name] ?? readText)(typed[name]);
		});
	}
	return found;
}

/** @throws Mistake */
function readText(value: unknown): string {
	if (typeof value !== 'string') {
		throw new Mistake(`${shown(value)} is not text`, 'Enter a text, or remove this filter.');
	}
	const text = value.trim();
	if (text.length <= LONGEST_TEXT) return text;
	throw new Mistake(`"${shown(text)}" is too long`, `Enter at most ${LONGEST_TEXT} characters.`);
}

/**
 * A filter in Ultimo's own words, which can stand between brackets beside others.
 * @throws Mistake when a quote or bracket has no other half, so that it would reach beyond them
 */
export function checkQuery(value: unknown): string {
	const query = readText(value);
	if (isBalanced(query.replace(/'[^']*'/g, ''))) return query;
	throw new Mistake(
		`${shown(query)} has a quote or bracket without its other half`,
		"Write for example Context eq 1 and Description like '%room%'; a quote within a text is doubled.",
	);
}

function isBalanced(query: string): boolean {
	let open = 0;
	for (const mark of query) {
		if (mark === '(') open++;
		if (mark === ')') open--;
		if (mark === "'" || open < 0) return false;
	}
	return open === 0;
}
