import { Workflow, type INodeType } from 'n8n-workflow';

import { loadPackage, node, nodeTypesOf } from '../support/n8n.mts';

/** The trigger's description, and what its expressions give with these parameters. */
async function described(parameters: object) {
	const loader = await loadPackage();
	const type = loader.getNode('ultimoReservationTrigger').type as INodeType;
	const trigger = node('Trigger', 'trigger', { ...parameters });
	const nodeTypes = nodeTypesOf(() => type);
	const workflow = new Workflow({ nodes: [trigger], connections: {}, active: false, nodeTypes });
	const given = (expression = '') =>
		workflow.expression.getSimpleParameterValue(trigger, expression, 'internal', {});
	return { description: type.description, given };
}

/** The hints that the editor shows before anything has run; see its getNodeHints. */
async function shown(parameters: object) {
	const { description, given } = await described(parameters);
	const holds = (condition?: string) => {
		const value = given(condition);
		expect(typeof value).toBe('boolean');
		return value;
	};
	return (description.hints ?? [])
		.filter(({ displayCondition }) => holds(displayCondition))
		.map(({ type: kind = 'info', message }) => `${kind}: ${message}`);
}

const every = (value: number, unit: 'minutes' | 'hours') => [{ mode: 'everyX', value, unit }];
const one = { spaceSelection: 'one' };
const several = (count: number) => ({
	spaceSelection: 'several',
	spaceIds: Array.from({ length: count }, (_, index) => `R-${index}`).join(', '),
});
const all = { spaceSelection: 'all' };
const twiceADay = [{ mode: 'everyDay' }, { mode: 'everyDay' }];
const hourly = [{ mode: 'custom', cronExpression: '0 * * * *' }];

const five = every(5, 'minutes');

test.each<[string, object, object[], RegExp]>([
	['a space every minute', one, [{ mode: 'everyMinute' }], /^info: .*up to 1,500 of the 10,000/],
	['10 spaces every 5 minutes', several(10), five, /^info: .*up to 3,000 of the 10,000/],
	['20 spaces every 5 minutes', several(20), five, /^warning: .*over half, 5,000 to 10,000/],
	['60 spaces every 5 minutes', several(60), five, /^danger: .*more than all of the 10,000/],
	['60 spaces every 15 minutes', several(60), every(15, 'minutes'), /^warning: .*over half/],
	['60 spaces every 2 hours', several(60), every(2, 'hours'), /^info: .*up to 1,000/],
	['twice a day', one, twiceADay, /^info: .*up to 100/],
	['all spaces', all, five, /^info: .*10 spaces every 5 minutes are 2,880/],
	['a cron expression', several(2), hourly, /^info: .*2,880/],
])('%s', async (_, spaces, item, words) => {
	expect(await shown({ ...spaces, pollTimes: { item } })).toEqual([expect.stringMatching(words)]);
});

test('the canvas names the events as the field does', async () => {
	const { description, given } = await described({ events: ['startingSoon', 'cancelled'] });
	expect(given(description.subtitle)).toBe('Starting Soon, Cancelled');
});
