import type { IDataObject } from 'n8n-workflow';

import { CREATE, parameters, taken } from '../support/create';
import { runNode, type Setup } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { listed, lost, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();

type Fate = 'done' | 'doneAndLost' | 'lost' | 'late';

/**
 * An Ultimo that keeps what is made, in `status`; only `Processed` ones hold the space. Each Create
 * meets its fate: `late` is carried out when the next one is lost, and nobody gets an answer.
 */
function keeping(fates: Fate[], status = 'Processed') {
	const made: IDataObject[] = [];
	const asked: string[] = [];
	const late: IDataObject[] = [];
	const add = (body: IDataObject) => {
		const isTaken = made.some(
			(one) => one.Status === 'Processed' && one.StartTime === body.StartTime,
		);
		if (isTaken) return taken;
		const UltimoId = `X${made.length + 1}`;
		made.push({ ...body, UltimoId, Status: status });
		return { body: { properties: { UltimoId } } };
	};
	ultimo((sent, _, { path }) => {
		const body = sent as IDataObject;
		asked.push(path.split('_')[1]);
		if (!path.endsWith(CREATE)) return listed(...made);
		const fate = fates.shift() ?? 'done';
		if (fate === 'late') late.push(body);
		if (fate === 'lost') for (const one of late.splice(0)) add(one);
		const answer = fate.startsWith('done') ? add(body) : undefined;
		return fate === 'done' ? answer! : lost('ECONNRESET');
	});
	return { made, asked, creates: () => asked.filter((action) => action === CREATE).length };
}

const execution = async (externalId: string, more: Setup = {}) => {
	const changed = { ...parameters, externalId, ...more.parameters };
	const { items, error } = await runNode({ ...more, parameters: changed });
	const { UltimoId, ExternalId } = items[0]?.json ?? {};
	return { UltimoId, ExternalId, outcome: error?.context.outcome, error };
};
const shaken = async () => {
	const other = { startTime: '2026-12-22T10:00:00', endTime: '2026-12-22T11:00:00' };
	await execution('E0', { parameters: other });
};

it('what an execution made is never that of another', async () => {
	const { creates } = keeping(['done', 'lost']);
	const first = await fast(execution('E1'));
	const second = await fast(execution('E2'));
	expect(first).toMatchObject({ UltimoId: 'X1', ExternalId: 'E1' });
	expect(second).toMatchObject({ UltimoId: undefined, outcome: 'unknown' });
	expect(second.error?.description).toContain(
		`This reservation is not in Ultimo's list, but at that time there is "Team meeting" of ULTIMO`,
	);
	expect(creates()).toBe(2);
});

it.each(['Processed', 'Requested'])(
	'what others made before (%s) is perhaps ours, and a second one is not asked for',
	async (status) => {
		const { made, creates } = keeping(['lost'], status);
		made.push({
			UltimoId: 'X7',
			Description: 'Team meeting',
			ApplicantId: 'ULTIMO',
			StartTime: '2026-11-22T10:00:00+01:00',
			EndTime: '2026-11-22T11:00:00+01:00',
			Status: status,
		});
		const { outcome, error } = await fast(execution('E2'));
		expect(outcome).toBe('unknown');
		expect(error?.description).toMatch(
			/UltimoId X7, status (Processed|Requested)\): the one asked/,
		);
		expect(creates()).toBe(1);
	},
);

it('a new status that does not hold the space yet makes no second one', async () => {
	const { made, creates } = keeping(['doneAndLost', 'done'], 'Requested');
	const { outcome, error } = await fast(execution('E1'));
	expect(outcome).toBe('unknown');
	expect(error?.description).toContain('UltimoId X1, status Requested');
	expect([made.length, creates()]).toEqual([1, 1]);
});

it('after a loss the same is resolved: what was not there before is ours', async () => {
	keeping(['lost', 'done', 'doneAndLost'], 'Requested');
	await fast(shaken());
	expect(await fast(execution('E1'))).toMatchObject({ UltimoId: 'X2', ExternalId: 'E1' });
});

it('ten minutes after a loss nothing is looked at beforehand any more', async () => {
	const { asked } = keeping(['lost', 'done']);
	await fast(shaken());
	jest.advanceTimersByTime(601_000);
	asked.length = 0;
	await fast(execution('E1'));
	expect(asked).toEqual([CREATE]);
});

describe('two that look the same at once', () => {
	it.each<[string, Fate[]]>([
		['one is lost while the other is under way', ['lost', 'done', 'late', 'lost']],
		['both are done and lost', ['lost', 'done', 'doneAndLost', 'doneAndLost']],
	])('%s: no UltimoId goes to both', async (_, fates) => {
		keeping(fates);
		await fast(shaken());
		const both = await fast(Promise.all([execution('E1'), execution('E2')]));
		const ids = both.flatMap(({ UltimoId }) => UltimoId ?? []);
		expect(ids.length).toBeLessThan(2);
		expect(both.some(({ outcome }) => outcome === 'unknown')).toBe(true);
	});

	it('one that comes late from a request of before is no other’s', async () => {
		keeping(['lost', 'done', 'late', 'late', 'late', 'lost']);
		await fast(shaken());
		const first = await fast(execution('E1'));
		const second = await fast(execution('E2'));
		expect([first.outcome, second.outcome]).toEqual(['unknown', 'unknown']);
	});
});

it('of another company everything is another’s', async () => {
	keeping(['done', 'lost']);
	await fast(execution('E1', { credential: { company: 'A' } }));
	const { outcome, error } = await fast(execution('E2', { credential: { company: 'B' } }));
	expect(outcome).toBe('unknown');
	expect(error?.description).toContain('or another that looks the same');
});
