import {
	NodeOperationError,
	type IExecuteFunctions,
	type INode,
	type INodeProperties,
} from 'n8n-workflow';

import { cut } from '../transport/words';

/** Why a value can't be sent: what is wrong with it, and what to do about it. */
export class Mistake extends Error {
	constructor(
		message: string,
		readonly advice: string,
	) {
		super(message);
	}
}

/** Reads fields. Turns every {@link Mistake} into an error that names the field. */
export class Parameters {
	/**
	 * @param zone in which times without one are read
	 * @param valueOf what was entered in a field; what an expression gave can be of any type
	 * @param itemIndex the item that an error is about, if it is about one
	 */
	constructor(
		private readonly node: INode,
		readonly zone: string,
		private readonly valueOf: (field: INodeProperties) => unknown,
		private readonly itemIndex?: number,
	) {}

	/** @throws NodeOperationError */
	read<T>(field: INodeProperties, check: (value: unknown) => T): T {
		const value = this.valueOf(field);
		return this.check(field.displayName, () => check(value));
	}

	/**
	 * Checks what a field of this name gave.
	 * @throws NodeOperationError
	 */
	check<T>(displayName: string, check: () => T): T {
		try {
			return check();
		} catch (thrown) {
			throw this.named(displayName, thrown);
		}
	}

	private named(displayName: string, thrown: unknown): unknown {
		if (!(thrown instanceof Mistake)) return thrown;
		return new NodeOperationError(this.node, `${displayName}: ${thrown.message}`, {
			description: thrown.advice,
			itemIndex: this.itemIndex,
		});
	}
}

export function parametersOf(n8n: IExecuteFunctions, itemIndex: number): Parameters {
	const valueOf = ({ name, type }: INodeProperties) =>
		n8n.getNodeParameter(name, itemIndex, '', { extractValue: type === 'resourceLocator' });
	return new Parameters(n8n.getNode(), n8n.getTimezone(), valueOf, itemIndex);
}

/** Whether nothing was entered, or an expression found nothing. */
export function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

/** A yes or no, from a switch or from an expression that gives it as text. */
export function asBoolean(value: unknown): boolean {
	const text = String(value).trim().toLowerCase();
	if (text === 'true' || text === 'false') return text === 'true';
	throw new Mistake(`${shown(value)} is neither true nor false`, 'Check the expression.');
}

/** A value as an error message shows it: whole if it is short. */
export function shown(value: unknown): string {
	const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
	return cut(text, 50);
}
