import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { asBoolean } from '../fields/choices';
import { given, inputError, OPTIONS, type Parameters } from '../fields/parameter';
import { optionFor, ownOptions } from '../operations';
import { IN_THE_PAST } from '../transport/codes';
import { REQUESTS_AT_ONCE } from '../transport/limits';
import { GIVE_UP_AFTER, type Patience } from '../transport/run';
import { written } from '../transport/words';

/** For a whole run. */
export interface Options extends Patience {
	/** Requests in flight at a time. */
	maxConcurrency: number;
}

/** What an expression may set differently for each item. */
export interface ItemOptions {
	/** Ultimo's codes whose errors leave an item as skipped. */
	ignoreErrorCodes: string[];
	/** Change nothing in Ultimo. */
	dryRun: boolean;
	/** Keep the fields of the input item. */
	includeInputFields: boolean;
}

const options: INodeProperties[] = [
	...optionFor(
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: false,
			description:
				'Whether to check all items and cancel nothing. Of an item that is the reservation, with its SpaceId and StartTime, or that is picked from the list, found says whether it is there, which costs a request.',
		},
		({ dryRun }) => dryRun !== undefined,
	),
	{
		displayName: GIVE_UP_AFTER,
		name: 'giveUpAfter',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 120,
		description:
			'How long to go on while Ultimo accepts nothing because its quota is used up, or answers nothing at all; then the run ends',
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
			displayName: 'Include Input Fields',
			name: 'includeInputFields',
			type: 'boolean',
			default: false,
			description:
				"Whether to keep the input item's fields, such as the space and the time. Where the result has a field of the same name, that stays.",
		},
		({ includesInput }) => includesInput === true,
	),
	...optionFor(
		{
			displayName: 'Requests at Once',
			name: 'maxConcurrency',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 50 },
			default: REQUESTS_AT_ONCE,
			description:
				"How many requests to send before the first is answered. Ultimo's quota is kept whatever you enter.",
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
	...ownOptions,
];

export const optionsProperty: INodeProperties = {
	...OPTIONS,
	options: options.sort((one, other) => (one.displayName < other.displayName ? -1 : 1)),
};

function optionNamed(name: keyof Options | keyof ItemOptions): INodeProperties {
	return options.find((option) => option.name === name) as INodeProperties;
}

/** @throws NodeOperationError that names the option */
export function readOptions(n8n: IExecuteFunctions): Options {
	const typed = n8n.getNodeParameter('options', 0, {});
	const number = (name: keyof Options) => {
		const field = optionNamed(name);
		const value = Number(written(typed[name] ?? field.default));
		if (value >= 1) return Math.min(field.typeOptions?.maxValue ?? Infinity, value);
		const message = `${field.displayName}: ${given(typed[name])} is no number of 1 or more`;
		const advice = 'Correct it, or remove the option.';
		throw inputError(n8n.getNode(), message, advice);
	};
	return {
		maxConcurrency: Math.floor(number('maxConcurrency')),
		timeout: number('timeout'),
		giveUpAfter: number('giveUpAfter'),
	};
}

/** @throws NodeOperationError that names the option */
export function readItemOptions(parameters: Parameters): ItemOptions {
	return {
		ignoreErrorCodes: parameters.option(optionNamed('ignoreErrorCodes'), (codes) =>
			[codes ?? '']
				.flat()
				.map(written)
				.join()
				.split(/[\s,;]+/)
				.filter(Boolean),
		),
		dryRun: parameters.option(optionNamed('dryRun'), asBoolean),
		includeInputFields: parameters.option(optionNamed('includeInputFields'), asBoolean),
	};
}
