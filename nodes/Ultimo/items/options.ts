import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';

import { asBoolean, shown, type Parameters } from '../fields/parameter';
import { optionFor } from '../operations';
import { IN_THE_PAST } from '../transport/codes';
import type { Patience } from '../transport/run';

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
		...optionFor(
			{
				displayName: 'Dry Run',
				name: 'dryRun',
				type: 'boolean',
				default: false,
				description: 'Whether to check all items and cancel nothing. Ultimo is not asked.',
			},
			({ dryRun }) => dryRun !== undefined,
		),
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
			placeholder: `e.g. ${IN_THE_PAST}`,
			description: `Ultimo's codes that are no failure to this workflow, separated by commas. Such items continue as skipped, for example ${IN_THE_PAST}: the reservation is in the past.`,
		},
		...optionFor(
			{
				displayName: 'Max Concurrency',
				name: 'maxConcurrency',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 50 },
				default: 10,
				description:
					"How many requests may be under way at once. Ultimo's quota is kept whatever you enter.",
			},
			({ inOrder }) => !inOrder,
		),
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
export function readOptions(n8n: IExecuteFunctions): Options {
	const typed = n8n.getNodeParameter('options', 0, {});
	const options = optionsProperty.options as INodeProperties[];
	const number = (name: keyof Options) => {
		const field = options.find((option) => option.name === name) as INodeProperties;
		const value = Number(typed[name] ?? field.default);
		if (value >= 1) return Math.min(field.typeOptions?.maxValue ?? Infinity, value);
		const message = `${field.displayName}: ${shown(typed[name])} is too little`;
		throw new NodeOperationError(n8n.getNode(), message, {
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
export function readItemOptions(parameters: Parameters): ItemOptions {
	const typed = parameters.read(optionsProperty, (value) => value as IDataObject);
	return {
		ignoreErrorCodes: String(typed.ignoreErrorCodes ?? '')
			.split(/[\s,;]+/)
			.filter(Boolean),
		dryRun: parameters.check('Dry Run', () => asBoolean(typed.dryRun ?? false)),
	};
}
