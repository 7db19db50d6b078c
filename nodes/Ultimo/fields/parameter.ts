import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeProperties,
} from 'n8n-workflow';

import { cut, written } from '../transport/words';

/** Why a value can't be sent: what is wrong with it, and what to do about it. */
export class Mistake extends Error {
	constructor(
		message: string,
		readonly advice: string,
	) {
		super(message);
	}
}

/** An error that no request led to, in exactly these words, which may show what was entered. */
export function inputError(
	node: INode,
	message: string,
	description?: string,
	itemIndex?: number,
): NodeOperationError {
	const error = new NodeOperationError(node, message, { description, itemIndex });
	// n8n swaps messages that contain the letters of a Node.js code ("pre-EEXISTing") for its own.
	error.message = message;
	return error;
}

/** The collection that holds all options. */
export const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
};

/** Reads fields. Turns every {@link Mistake} into an error that names the field. */
export class Parameters {
	/**
	 * @param zone in which times without one are read
	 * @param valueOf what was entered in a field; what an expression gave can be of any type
	 * @param itemIndex the item that an error is about, if it is about one
	 * @param input the item's own fields
	 * @param ofModel whether a language model may have filled them in
	 */
	constructor(
		private readonly node: INode,
		readonly zone: string,
		private readonly valueOf: (field: INodeProperties) => unknown,
		private readonly itemIndex?: number,
		readonly input: IDataObject = {},
		readonly ofModel = false,
	) {}

	/**
	 * @param check gets the value, and of a field with modes (a resource locator) the mode
	 * @throws NodeOperationError
	 */
	read<T>(field: INodeProperties, check: (value: unknown, mode?: string) => T): T {
		const value = this.valueOf(field);
		return this.check(field.displayName, () =>
			isLocator(value) ? check(value.value, value.mode) : check(value),
		);
	}

	/** A field of the item that came in, in place of a field of the node where nothing was entered. */
	readOr<T>(field: INodeProperties, inItem: string, check: (value: unknown) => T): T {
		if (!isEmpty(this.entered(field))) return this.read(field, check);
		return this.check(field.displayName, () => check(this.input[inItem]));
	}

	/** Whether the value is the same for all items, such as one picked from a list. */
	isFixed(field: INodeProperties): boolean {
		return !written(this.entered(field)).startsWith('=');
	}

	private entered({ name }: INodeProperties): unknown {
		const entered = this.node.parameters[name];
		return isLocator(entered) ? entered.value : entered;
	}

	/**
	 * Reads an option, or its default where it was not added. One that was added but is empty is for
	 * `check` to judge: its expression found nothing.
	 * @throws NodeOperationError
	 */
	option<T>(field: INodeProperties, check: (value: unknown) => T): T {
		const added = (this.valueOf(OPTIONS) ?? {}) as IDataObject;
		const value = Object.hasOwn(added, field.name) ? added[field.name] : field.default;
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
		const message = `${displayName}: ${thrown.message}`;
		return inputError(this.node, message, thrown.advice, this.itemIndex);
	}
}

/**
 * Reads the fields of each item of a run. n8n is asked as seldom as can be: to evaluate one expression
 * takes it nearly as long as all else that is done for an item.
 */
export function parametersOf(n8n: IExecuteFunctions): (itemIndex: number) => Parameters {
	const node = n8n.getNode();
	const items = n8n.getInputData();
	const [zone, ofModel] = [n8n.getTimezone(), isTool(n8n)];
	const readers = new Map<string, (itemIndex: number) => unknown>();
	const readerOf = (name: string) => {
		const entered = node.parameters[name];
		const evaluated = (itemIndex: number): unknown => n8n.getNodeParameter(name, itemIndex, '');
		if (!hasExpression(entered)) {
			const value = evaluated(0);
			return () => value;
		}
		const field = ofModel ? undefined : fieldNamedBy(entered);
		if (field === undefined) return evaluated;
		return (itemIndex: number) => {
			const value = items[itemIndex].json[field];
			// Of what is missing or no text, n8n knows more.
			if (typeof value !== 'string') return evaluated(itemIndex);
			return isLocator(entered) ? { ...entered, value } : value;
		};
	};
	return (itemIndex) => {
		const valueOf = ({ name }: INodeProperties) => {
			const read = readers.get(name) ?? readerOf(name);
			readers.set(name, read);
			return read(itemIndex);
		};
		return new Parameters(node, zone, valueOf, itemIndex, items[itemIndex].json, ofModel);
	};
}

/** As the editor writes it when a field of the input is dragged into one of the node. */
const FIELD_OF_ITEM = /^=\{\{ *\$json(?:\.([A-Za-z_]\w*)|\[(["'])([^"'\\\]\n]+)\2\]) *\}\}$/;

/** The field of the input item that an expression names and does nothing else with. */
function fieldNamedBy(entered: unknown): string | undefined {
	const value = isLocator(entered) ? entered.value : entered;
	if (isLocator(entered) && hasExpression({ ...entered, value: '' })) return undefined;
	const [, name, , quoted] = FIELD_OF_ITEM.exec(written(value)) ?? [];
	return name ?? quoted;
}

/** Whether what was entered is or holds an expression; a text that only looks like one counts as well. */
function hasExpression(entered: unknown): boolean {
	return JSON.stringify(entered ?? '').includes('"=');
}

/** Whether an agent calls the node; newer n8n runs it as a node of another type then. */
export function isTool(n8n: IExecuteFunctions): boolean {
	// Older n8n has no such function.
	return n8n.isToolExecution?.() || n8n.getNode().type.endsWith('Tool');
}

/** What a resource locator holds; an expression in place of the whole field gives the value alone. */
function isLocator(value: unknown): value is { mode: string; value: unknown } {
	return typeof value === 'object' && value !== null && 'mode' in value && 'value' in value;
}

/** Whether nothing was entered, or an expression found nothing. */
export function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

/** A value as an error message shows it: whole if it is short. */
export function shown(value: unknown): string {
	return cut(written(value), 50);
}

/** The same of what may be missing. */
export function given(value: unknown): string {
	return isEmpty(value) ? 'nothing' : shown(value);
}

/** The same with the characters that nobody would see in it. */
export function visible(value: unknown): string {
	const escaped = (one: string) => `\\u{${one.codePointAt(0)!.toString(16)}}`;
	return shown(written(value).replace(/(?! )[\p{C}\p{Z}]/gu, escaped));
}
