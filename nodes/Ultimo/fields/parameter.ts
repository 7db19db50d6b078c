import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';

/** Why a value can't be sent: what is wrong with it, and what to do about it. */
export class Refusal extends Error {
	constructor(
		message: string,
		readonly advice: string,
	) {
		super(message);
	}
}

export interface ParameterReader {
	/** Reads a field; the value is what an expression gave, so it can be of any type. */
	read<T>(field: INodeProperties, check: (value: unknown) => T): T;
	/** Checks what a field of this name gave. */
	check<T>(displayName: string, check: () => T): T;
}

/** Reads the parameters of one item. Turns every {@link Refusal} into an error that names the field. */
export function parametersOf(this: IExecuteFunctions, itemIndex: number): ParameterReader {
	const refused = (displayName: string, thrown: unknown) => {
		if (!(thrown instanceof Refusal)) return thrown;
		return new NodeOperationError(this.getNode(), `${displayName}: ${thrown.message}`, {
			description: thrown.advice,
			itemIndex,
		});
	};
	const check: ParameterReader['check'] = (displayName, checkValue) => {
		try {
			return checkValue();
		} catch (thrown) {
			throw refused(displayName, thrown);
		}
	};
	return {
		check,
		read: ({ name, displayName, type }, checkValue) => {
			const extractValue = type === 'resourceLocator';
			const value: unknown = this.getNodeParameter(name, itemIndex, '', { extractValue });
			return check(displayName, () => checkValue(value));
		},
	};
}

/** Whether nothing was entered, or an expression found nothing. */
export function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

/** A yes or no, from a switch or from an expression that gives it as text. */
export function asBoolean(value: unknown): boolean {
	const text = String(value).trim().toLowerCase();
	if (text === 'true' || text === 'false') return text === 'true';
	throw new Refusal(`${shown(value)} is neither true nor false`, 'Check the expression.');
}

/** A value as an error message shows it: whole if it is short. */
export function shown(value: unknown): string {
	const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
	return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}
