import type { NodeHint } from 'n8n-workflow';

import { grouped, REQUESTS_PER_DAY, RESERVATIONS_PER_ANSWER } from '../transport/limits';

/** Polls a day, by n8n's Poll Times; of an expression in cron's language nothing is known. */
const POLLS = `($parameter.pollTimes?.item ?? []).reduce((sum, { mode, unit, value }) => sum + (${JSON.stringify(
	{ everyMinute: 1440, everyHour: 24, everyDay: 1, everyWeek: 1 / 7, everyMonth: 1 / 30 },
)}[mode] ?? (mode === 'everyX' ? (unit === 'hours' ? 24 : 1440) / value : NaN)), 0)`;

/** Spaces, as far as the fields tell. */
const SPACES = `({ one: 1, several: String($parameter.spaceIds).split(/[,;\\n]/).length }[$parameter.spaceSelection] ?? NaN)`;

const costs = (condition: (cost: string) => string) =>
	`={{ ((cost) => ${condition('cost')})(Math.round(${POLLS} * ${SPACES})) }}`;

const STEPS = [100, 250, 500, 1000, 1500, 3000, REQUESTS_PER_DAY / 2, REQUESTS_PER_DAY];
const OF_ALL = `of the ${grouped(REQUESTS_PER_DAY)} requests a day that Ultimo allows for the whole company`;
const MORE = `A space with more than ${RESERVATIONS_PER_ANSWER} reservations costs more.`;

/** What the polls cost, told before the workflow is published. n8n's hints can't calculate, so there is one for each range. */
export const costHints: NodeHint[] = [
	...STEPS.map((most, index): NodeHint => {
		const isMuch = most > REQUESTS_PER_DAY / 2;
		const least = STEPS[index - 1] ?? 0;
		return {
			message: `These poll times and spaces cost ${isMuch ? `over half, ${grouped(least)} to` : 'up to'} ${grouped(most)} ${OF_ALL}. ${isMuch ? 'Other workflows may be left without. Poll less often, or watch fewer spaces.' : MORE}`,
			type: isMuch ? 'warning' : 'info',
			displayCondition: costs((cost) => `${cost} > ${least} && ${cost} <= ${most}`),
			whenToDisplay: 'always',
			location: 'outputPane',
		};
	}),
	{
		message: `These poll times and spaces cost more than all ${OF_ALL}. Poll less often, or watch fewer spaces.`,
		type: 'danger',
		displayCondition: costs((cost) => `${cost} > ${REQUESTS_PER_DAY}`),
		whenToDisplay: 'always',
		location: 'outputPane',
	},
	{
		message: `Each poll costs a request for each space: 10 spaces every 5 minutes are ${grouped(2880)} ${OF_ALL}. ${MORE}`,
		displayCondition: costs((cost) => `isNaN(${cost})`),
		whenToDisplay: 'always',
		location: 'outputPane',
	},
];
