import { Workflow, type INodeType } from 'n8n-workflow';

import { loadPackage } from '../support/n8n.mts';

/** The hints that the editor shows before anything has run; see its getNodeHints. */
async function shown(parameters: object) {
	const loader = await loadPackage();
	const type = loader.getNode('ultimoReservationTrigger').type as INodeType;
	const node = {
		id: '1',
		name: 'Trigger',
		type: 'trigger',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: parameters as never,
	};
	const nodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const hints = type.description.hints ?? [];
	const holds = (condition = '') => {
		const value = workflow.expression.getSimpleParameterValue(node, condition, 'internal', {});
		expect(typeof value).toBe('boolean');
		return value;
	};
	return hints
		.filter(({ displayCondition }) => holds(displayCondition))
		.map(({ type: kind = 'info', message }) => `${kind}: ${message}`);
}

const every = (value: number, unit: 'minutes' | 'hours') => ({
	item: [{ mode: 'everyX', value, unit }],
});
const several = (count: number) => ({
	spaceSelection: 'several',
	spaceIds: Array.from({ length: count }, (_, index) => `R-${index}`).join(', '),
});

test.each([
	[
		'a space every minute',
		{ spaceSelection: 'one', pollTimes: { item: [{ mode: 'everyMinute' }] } },
		'info',
		'up to 1,500 of the 10,000',
	],
	[
		'10 spaces every 5 minutes',
		{ ...several(10), pollTimes: every(5, 'minutes') },
		'info',
		'up to 3,000 of the 10,000',
	],
	[
		'20 spaces every 5 minutes',
		{ ...several(20), pollTimes: every(5, 'minutes') },
		'warning',
		'over half, 5,000 to 10,000',
	],
	[
		'60 spaces every 5 minutes',
		{ ...several(60), pollTimes: every(5, 'minutes') },
		'danger',
		'more than all of the 10,000',
	],
	[
		'60 spaces every 15 minutes',
		{ ...several(60), pollTimes: every(15, 'minutes') },
		'warning',
		'over half',
	],
	[
		'60 spaces every 2 hours',
		{ ...several(60), pollTimes: every(2, 'hours') },
		'info',
		'up to 1,000',
	],
	[
		'twice a day',
		{ spaceSelection: 'one', pollTimes: { item: [{ mode: 'everyDay' }, { mode: 'everyDay' }] } },
		'info',
		'up to 100',
	],
	[
		'all spaces',
		{ spaceSelection: 'all', pollTimes: every(5, 'minutes') },
		'info',
		'10 spaces every 5 minutes are 2,880',
	],
	[
		'a cron expression',
		{ ...several(2), pollTimes: { item: [{ mode: 'custom', cronExpression: '0 * * * *' }] } },
		'info',
		'2,880',
	],
])('%s', async (_, parameters, kind, words) => {
	const hints = await shown(parameters);
	expect(hints).toEqual([expect.stringContaining(words)]);
	expect(hints[0].split(':')[0]).toBe(kind);
});
