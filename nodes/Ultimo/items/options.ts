import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';

import { asBoolean, parametersOf } from '../fields/parameter';
import type { Patience } from '../transport/session';

/** For a whole run. */
export interface Options extends Patience {
	/** Requests in flight at a time. */
	maxConcurrency: number;
}

/** What an expression may set differently for each item. */
export interface ItemOptions {
	/** Ultimo's codes whose errors leave an item as skipped. */
	ignoreErrorCodes: string[];
	/** Ask Ultimo nothing. */
	dryRun: boolean;
}

export const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: false,
			displayOptions: { show: { '/operation': ['cancel'] } },
			description: 'Whether to check all items and cancel nothing. Ultimo is not asked.',
		},
		{
			displayName: 'Give Up After (Seconds)',
			name: 'giveUpAfter',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 120,
			description:
				'How long to go on waiting while Ultimo accepts nothing because its quota is used up',
		},
		{
			displayName: 'Ignore Error Codes',
			name: 'ignoreErrorCodes',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1166',
			description:
				"Ultimo's codes that are no failure to this workflow, separated by commas. Such items continue as skipped, for example 1166: the reservation is in the past.",
		},
		{
			displayName: 'Max Concurrency',
			name: 'maxConcurrency',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 50 },
			default: 10,
			displayOptions: { show: { '/operation': ['cancel', 'getAll'] } },
			description:
				"How many requests may be under way at once. Ultimo's quota is kept whatever you enter.",
		},
		{
			displayName: 'Timeout (Ms)',
			name: 'timeout',
			type: 'number',
			// A timer that is longer ends at once.
			typeOptions: { minValue: 1, maxValue: 2147483647 },
			default: 60000,
			description: 'How long to wait for the answer to a request, in milliseconds',
		},
	],
};

/** @throws NodeOperationError that names the option */
export function readOptions(this: IExecuteFunctions): Options {
	const typed = this.getNodeParameter('options', 0, {});
	const options = optionsProperty.options as INodeProperties[];
	const number = (name: keyof Options) => {
		const field = options.find((option) => option.name === name) as INodeProperties;
		const value = Number(typed[name] ?? field.default);
		if (value >= 1) return Math.min(field.typeOptions?.maxValue ?? Infinity, value);
		const message = `${field.displayName}: ${String(typed[name])} is too little`;
		throw new NodeOperationError(this.getNode(), message, {
			description: 'Enter a number of 1 or more, or remove the option.',
		});
	};
	return {
		maxConcurrency: Math.floor(number('maxConcurrency')),
		timeout: number('timeout'),
		giveUpAfter: number('giveUpAfter'),
	};
}

/** @throws NodeOperationError that names the option */
export function readItemOptions(this: IExecuteFunctions, itemIndex: number): ItemOptions {
	const typed = this.getNodeParameter('options', itemIndex, {});
	const { check } = parametersOf.call(this, itemIndex);
	return {
		ignoreErrorCodes: String(typed.ignoreErrorCodes ?? '')
			.split(/[\s,;]+/)
			.filter(Boolean),
		dryRun: check('Dry Run', () => asBoolean(typed.dryRun ?? false)),
	};
}
