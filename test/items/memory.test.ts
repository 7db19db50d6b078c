import type { IDataObject } from 'n8n-workflow';

import { created, ours, parameters as create, taken } from '../support/create';
import {
	IS_N8N_2,
	runNode as runInN8n,
	type AgentTool,
	type Result,
	type Setup,
} from '../support/n8n.mts';
import { retryOf } from '../support/retry';
import { fast, later, withFakeTime } from '../support/time.mts';
import {
	fieldOf,
	inThePast,
	listed,
	lost,
	ok,
	refusal,
	type Seen,
	ultimo,
	withoutNetwork,
} from '../support/ultimo';

withoutNetwork();
withFakeTime();
afterEach(() => jest.restoreAllMocks());

/** All items are under way at once, which a quota would spread. */
const runNode = async (setup: Setup) =>
	await runInN8n({ ...setup, credential: { requestsPer10Seconds: 0, ...setup.credential } });

const items = ['A', 'B', 'C'].map((UltimoId) => ({ UltimoId }));
const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };
const goOn = { onError: 'continueRegularOutput' as const };
const already = refusal('1170', 'Room reservation is cancelled already.');
const idsOf = (seen: Seen[]) => fieldOf(seen, 'UltimoId').join('');
const cancelledOf = (result: Result) => result.json.map((json) => json.cancelled);

/** An Ultimo that cancels each but `refused`, once. */
function cancelling(refused: string) {
	const done = new Set<string>();
	return ultimo(({ UltimoId = '' }) => {
		if (UltimoId === refused) return inThePast;
		if (done.has(UltimoId)) return already;
		done.add(UltimoId);
		return ok;
	});
}

it('a Retry that goes on after all tries failed sends nothing that is done', async () => {
	const seen = cancelling('A');
	const parameters = { options: { maxConcurrency: 3 } };
	const failed = await fast(runNode({ items, node: retry, parameters }));
	expect(failed.error?.context.code).toBe('1166');
	expect(idsOf(seen)).toBe('ABCAA');
	const retried = await retryOf(failed, { items, node: { ...retry, ...goOn }, parameters });
	expect(idsOf(seen)).toBe('ABCAAAAA');
	expect(cancelledOf(retried)).toEqual([undefined, true, true]);
});

it('what was changed before a Retry does not matter, the request does', async () => {
	const seen = cancelling('A');
	const failed = await fast(runNode({ items }));
	const [first, ...others] = items;
	const changed = [...others.map((one) => ({ ...one, note: 'new' })), first];
	const parameters = { options: { timeout: 5000 } };
	const retried = await retryOf(failed, { items: changed, node: goOn, parameters });
	expect(idsOf(seen)).toBe('ABCA');
	expect(cancelledOf(retried)).toEqual([true, true, undefined]);
});

it('another operation has done nothing yet', async () => {
	const seen = cancelling('A');
	const failed = await fast(runNode({ items }));
	const times = { startTime: create.startTime, endTime: create.endTime };
	await retryOf(failed, { items, parameters: { operation: 'update', ...times }, node: goOn });
	expect(idsOf(seen)).toBe('ABCABC');
});

it('in a loop the next run does it again, also when the one before ended with failed items', async () => {
	const seen = ultimo(({ UltimoId }) => (UltimoId === 'A' ? inThePast : ok));
	await fast(runNode({ items, node: { ...retry, ...goOn, maxTries: 2 }, loops: 2 }));
	expect(idsOf(seen)).toBe('ABCAABCA');
});

it('equal Creates are as many requests', async () => {
	const seen = ultimo((_, index) => (index === 2 ? refusal('2003', 'Busy.') : created));
	const { error, items: out } = await fast(
		runNode({ items: [{}, {}, {}], node: retry, parameters: create }),
	);
	expect(error).toBeUndefined();
	expect(out).toHaveLength(3);
	expect(seen).toHaveLength(4);
});

it.each<[string, IDataObject, Setup['node']]>([
	['Get Many', { operation: 'getAll', spaceId: '={{ $json.UltimoId }}' }, {}],
	['a dry run', { options: { dryRun: '={{ $json.UltimoId !== "A" }}' } }, {}],
	[
		'what was skipped',
		{ options: { ignoreErrorCodes: '={{ $json.UltimoId === "A" ? "" : 1166 }}' } },
		{},
	],
])('of %s nothing is kept', async (_, parameters) => {
	ultimo((body) => {
		const { SpaceId, UltimoId = SpaceId } = body as { SpaceId?: string; UltimoId?: string };
		return UltimoId === 'A' || SpaceId === undefined ? inThePast : listed(ours);
	});
	const one = { ...parameters, options: { maxConcurrency: 1, ...(parameters.options as object) } };
	const result = await fast(runNode({ items: [...items].reverse(), parameters: one }));
	expect(result.error?.context.code).toBe('1166');
	expect(result.run.data.executionData?.contextData).toEqual({});
});

it('a Create that Ultimo has confirmed without an UltimoId is not asked for again', async () => {
	const seen = ultimo((_, index) => (index === 0 ? ok : listed()));
	const { error } = await fast(runNode({ node: retry, parameters: create }));
	expect(seen.filter(({ path }) => path.endsWith('CreateReservation'))).toHaveLength(1);
	expect(error?.context).toMatchObject({ outcome: 'unknown' });
	expect(error?.description?.match(/Neither/g)).toHaveLength(1);
});

it('what is taken stays refused at the next try', async () => {
	ultimo((_, index) => (index % 2 === 0 ? taken : listed()));
	const { error } = await fast(runNode({ node: retry, parameters: create }));
	expect(error?.context).toMatchObject({ outcome: 'refused', code: '1015' });
});

(IS_N8N_2 ? describe : describe.skip)('calls of a tool', () => {
	const value = "={{ $fromAI('Reservation', '', 'string') }}";
	const parameters = { reservationId: { __rl: true, mode: 'id', value } };
	const call = async (tool: AgentTool, Reservation: string) =>
		await tool.invoke({ Reservation }).catch(String);
	/** What the calls for A and, so many milliseconds later, for B are told. */
	const callBoth = async (apartMs: number) => {
		let told: string[] = [];
		const agent = async (tool: AgentTool) => {
			const second = new Promise<string>((resolve) => {
				later(apartMs, () => void call(tool, 'B').then(resolve));
			});
			told = await Promise.all([call(tool, 'A'), second]);
		};
		const node = { ...retry, maxTries: 2, waitBetweenTries: 5000 };
		const { run } = await fast(runNode({ node, parameters, agent }));
		return { run, told };
	};
	beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0.5));

	it('at the same time do not forget what the other one lost', async () => {
		const left = { A: 4, B: 3 } as Record<string, number>;
		const seen = ultimo(({ UltimoId = '' }) => {
			if (left[UltimoId]-- > 0) return lost('ECONNRESET');
			return UltimoId === 'A' ? already : ok;
		});
		const { run, told } = await callBoth(1_000);
		expect(seen).toHaveLength(9);
		expect(told[0]).toContain('is probably cancelled');
		expect(told[1]).toContain('"cancelled":true');
		expect(JSON.stringify(run.data.resultData.runData.Ultimo)).toContain('Turn off Retry On Fail');
	});

	it('that n8n mixes up are refused', async () => {
		const seen = ultimo(({ UltimoId }) => (UltimoId === 'A' ? inThePast : ok));
		const { told } = await callBoth(2_500);
		expect(idsOf(seen)).toBe('AB');
		expect(told[0]).toMatch(/values of another call[\s\S]*Turn off Retry On Fail/);
		expect(told[1]).toContain('"cancelled":true');
	});

	it('without Retry On Fail remember what a call before has lost', async () => {
		ultimo((_, index) => (index < 4 ? lost('ECONNRESET') : already));
		const told: string[] = [];
		const agent = async (tool: AgentTool) => {
			for (const id of ['A', 'A', 'C']) told.push(await call(tool, id));
		};
		await fast(runNode({ parameters, agent }));
		expect(told[1]).toContain('is probably cancelled');
		expect(told[2]).not.toContain('is probably cancelled');
	});
});
