import type { IDataObject } from 'n8n-workflow';

import { CREATE, parameters as create, taken } from '../support/create';
import { runNode } from '../support/n8n.mts';
import { retryOf } from '../support/retry';
import { fast, withFakeTime } from '../support/time.mts';
import { listed, lost, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();
beforeEach(() => jest.setSystemTime(new Date('2026-11-20T12:00:00Z')));

const spaces = { spaceSelection: 'firstFree', spaceId: undefined, spaceIds: 'C-25, C-26' };
const firstFree = { ...create, ...spaces };
const hoursOn = (hours: number) => `={{ $now.plus({ hours: ${hours} }).toISO() }}`;
const soon = { ...firstFree, startTime: hoursOn(1), endTime: hoursOn(2) };

/** An Ultimo that makes a reservation, and whose every answer after that is lost until it is `up` again. */
function losing() {
	const made: IDataObject[] = [];
	const state = { up: false };
	const seen = ultimo((body: IDataObject, _, { path }) => {
		const here = made.filter(({ SpaceId }) => SpaceId === body.SpaceId);
		if (!state.up && made.length > 0) return lost('ECONNRESET');
		if (!path.endsWith(CREATE)) return listed(...here);
		if (here.length > 0) return taken;
		made.push({ ...body, UltimoId: `X${made.length + 1}`, Status: 'Processed' });
		return state.up
			? { body: { properties: { UltimoId: `X${made.length}` } } }
			: lost('ECONNRESET');
	});
	return { made, seen, state };
}

it.each<[string, IDataObject, IDataObject, end: unknown]>([
	['Timeout is raised, and times count from now', soon, { timeout: 90_000 }, 'unknown'],
	[
		'If Already Reserved is Fail by now',
		{ ...firstFree, options: { ifReserved: 'return' } },
		{ ifReserved: 'fail' },
		'unknown',
	],
	[
		'If Already Reserved is Return It by now',
		soon,
		{ ifReserved: 'return' },
		{ SpaceId: 'C-25', UltimoId: 'X1', created: false },
	],
])('a Create that was lost reserves no second space at a Retry where %s', async (...row) => {
	const [, parameters, options, end] = row;
	const { made, state } = losing();
	const failed = await fast(runNode({ parameters }));
	expect(failed.error?.context).toMatchObject({ outcome: 'unknown' });
	state.up = true;
	jest.setSystemTime(Date.now() + 60_000);
	const { json, error } = await retryOf(failed, { parameters: { ...parameters, options } });
	expect(made.map(({ SpaceId }) => SpaceId)).toEqual(['C-25']);
	if (end === 'unknown') {
		expect(error?.context.outcome).toBe('unknown');
		expect(error?.description).toContain('UltimoId X1');
	} else expect(json).toEqual([expect.objectContaining(end)]);
});
