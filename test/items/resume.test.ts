import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { parameters as reserve } from '../support/create';
import { runNode as runInN8n, type AgentTool, type Setup } from '../support/n8n.mts';
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
import { retryOf } from '../support/retry';
import { fast, later, withFakeTime } from '../support/time.mts';

withoutNetwork();
withFakeTime();

/** All items are under way at once, which a quota would spread. */
const runNode = async (setup: Setup) =>
	await runInN8n({ ...setup, credential: { requestsPer10Seconds: 0, ...setup.credential } });

const ids = ['00000006710', '00000006711', '00000006712'];
const items = ids.map((UltimoId) => ({ UltimoId }));
const done = ids.map((UltimoId, item) => ({
	json: { UltimoId, cancelled: true },
	pairedItem: { item },
}));
const idsOf = (seen: Seen[]) => fieldOf(seen, 'UltimoId') as string[];

const create = {
	...reserve,
	startTime: '2027-01-04T10:00:00',
	endTime: '2027-01-04T11:00:00',
};

/** Refuses an id for the first `times` requests for it. */
function refusedFirst(id: string, times: number) {
	let left = times;
	return ultimo(({ UltimoId }) => (UltimoId === id && left-- > 0 ? inThePast : ok));
}

describe('Retry On Fail', () => {
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };

	it('asks again only for what is not done, and returns everything', async () => {
		const seen = refusedFirst('00000006711', 2);
		const result = await fast(runNode({ items, node: retry }));
		expect(idsOf(seen)).toEqual([...ids, '00000006711', '00000006711']);
		expect(result.items).toEqual(done);
		expect(JSON.stringify(result.run.data)).not.toContain('"ultimo":');
	});

	it('keeps what is done in the execution when all tries fail, for a Retry of it', async () => {
		let past = true;
		const seen = ultimo(({ UltimoId }) => (past && UltimoId === '00000006711' ? inThePast : ok));
		const failed = await fast(runNode({ items, node: retry }));
		expect(failed.error?.message).toMatch(/in the past/);
		expect(idsOf(seen)).toHaveLength(5);

		past = false;
		const retried = await retryOf(failed);
		expect(idsOf(seen).slice(5)).toEqual(['00000006711']);
		expect(retried.items).toEqual(done);
	});

	it('of a failed execution asks for everything when the credential is for another Ultimo', async () => {
		refusedFirst('00000006711', 1);
		const failed = await fast(runNode({ items }));
		nock.cleanAll();
		const elsewhere: unknown[] = [];
		nock('https://production.ultimo.net')
			.persist()
			.post(/.*/)
			.reply((_path, body, respond) => {
				elsewhere.push(body);
				respond(null, [200, { properties: {} }]);
			});
		const credential = { baseUrl: 'https://production.ultimo.net' };
		const retried = await retryOf(failed, { credential });
		expect(elsewhere).toEqual(items);
		expect(retried.items).toEqual(done);
	});

	it('forgets nothing when a try fails for its credential', async () => {
		const seen = refusedFirst('00000006711', 1);
		const failed = await fast(runNode({ items }));
		const broken = await retryOf(failed, { credential: { baseUrl: '' } });
		expect(broken.error?.message).toContain('The Environment URL is empty');
		const retried = await retryOf(broken);
		expect(idsOf(seen)).toEqual([...ids, '00000006711']);
		expect(retried.items).toEqual(done);
	});

	it('does not ask again for an id that is there twice and was done once', async () => {
		const cancelled = new Set<string>();
		let refusals = 1;
		const seen = ultimo(({ UltimoId = '' }) => {
			if (UltimoId === ids[1] && refusals-- > 0) return inThePast;
			if (cancelled.has(UltimoId)) return refusal('1170', 'Is cancelled already');
			cancelled.add(UltimoId);
			return ok;
		});
		const twice = [items[0], items[1], items[0]];
		const parameters = { options: { maxConcurrency: 1 } };
		const result = await fast(runNode({ items: twice, node: retry, parameters }));
		expect(idsOf(seen)).toEqual([ids[0], ids[1], ids[1]]);
		expect(result.json.map((json) => json.cancelled)).toEqual([true, true, true]);
	});

	it('does not take what an item made at the first try for that of another', async () => {
		const made: object[] = [];
		ultimo((body, _, { path }) => {
			if (path.includes('Get')) return listed(...made);
			if (made.length > 0) return lost('EPIPE');
			made.push({ ...body, UltimoId: 'X1', Status: 'Processed' });
			return { body: { properties: { UltimoId: 'X1' } } };
		});
		const result = await fast(runNode({ items: [{}, {}], node: retry, parameters: create }));
		expect(result.error?.context).toMatchObject({ outcome: 'unknown', itemIndex: 1 });
	});

	it('of a tool does not forget that an answer was lost', async () => {
		ultimo((_body, index) => (index < 4 ? lost('ECONNRESET') : inThePast));
		const value = "={{ $fromAI('Reservation', '', 'string') }}";
		let told = '';
		const agent = async (tool: AgentTool) => {
			told = await tool.invoke({ Reservation: ids[0] }).catch(String);
		};
		const parameters = { reservationId: { __rl: true, mode: 'id', value } };
		await fast(runNode({ node: { ...retry, maxTries: 2 }, parameters, agent }));
		// n8n 1.100 tells a tool's lost connections in words of its own.
		expect(told).toMatch(/is probably cancelled|connection .* was closed unexpectedly/);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'%s: n8n tries again when the first item failed; nothing is done twice',
		async (onError) => {
			const seen = refusedFirst('00000006710', 1);
			const result = await fast(runNode({ items, node: { ...retry, onError } }));
			expect(idsOf(seen)).toEqual([...ids, '00000006710']);
			expect(result.outputs[0]).toEqual(done);
			expect(JSON.stringify(result.run.data)).not.toContain('"ultimo":');
		},
	);

	it('does not forget that an answer was lost', async () => {
		let requests = 0;
		const seen = ultimo(() => (requests++ < 4 ? lost('ECONNRESET') : inThePast));
		const result = await fast(runNode({ items: [items[0]], node: retry }));
		expect(seen.length).toBeGreaterThan(4);
		expect(result.error).toMatchObject({
			context: { outcome: 'unknown', code: '1166' },
			description: expect.stringContaining('is probably cancelled'),
		});
	});

	it('looks before it asks again for a reservation that may have been made', async () => {
		const made: object[] = [];
		let blind = true;
		const seen = ultimo((body, _, { path }) => {
			if (path.includes('Create')) {
				made.push({ ...body, UltimoId: 'X1', Status: 'Processed' });
				return lost('ECONNRESET');
			}
			return blind ? { status: 500, body: 'broken' } : listed(...made);
		});
		const node = { ...retry, waitBetweenTries: 5000 };
		const running = runNode({ items: [{}], node, parameters: create });
		later(70_000, () => (blind = false));
		const result = await fast(running);
		expect(seen.filter(({ path }) => path.endsWith('CreateReservation'))).toHaveLength(1);
		expect(result.error?.context).toMatchObject({ outcome: 'unknown', code: 'ECONNRESET' });
		expect(result.error?.description).toMatch(/UltimoId X1, .*: the one asked for, or another/);
	});

	it('says what went wrong also of items that refer to themselves', async () => {
		refusedFirst('00000006711', 3);
		const endless: IDataObject = { UltimoId: '00000006710' };
		endless.self = endless;
		const result = await fast(runNode({ items: [endless, items[1]], node: retry }));
		expect(result.error?.message).toMatch(/in the past/);
		expect(result.error?.description).toContain('Done: 00000006710 (item 0).');
	});

	it('keeps to what it asked for when an expression gives another value at each try', async () => {
		const seen = ultimo(({ UltimoId }, index) =>
			UltimoId?.startsWith('B') && index < 3 ? inThePast : ok,
		);
		const changing = '={{ $json.UltimoId + "-" + $now.toMillis() }}';
		const parameters = { reservationId: { __rl: true, mode: 'id', value: changing } };
		const two = [{ UltimoId: 'A' }, { UltimoId: 'B' }];
		const result = await fast(runNode({ items: two, node: retry, parameters }));
		expect(idsOf(seen).filter((id) => id.startsWith('A'))).toHaveLength(1);
		expect(result.items[0].json.UltimoId).toBe(idsOf(seen).find((id) => id.startsWith('A')));
	});

	it('does the same id again in another run of a loop', async () => {
		const seen = refusedFirst('00000006711', 1);
		const result = await fast(runNode({ items, node: retry, loops: 2 }));
		expect(idsOf(seen)).toEqual([...ids, '00000006711', ...ids]);
		expect(result.items).toEqual(done);
	});
});

it('a plain run leaves nothing in the execution but its result', async () => {
	ultimo(() => ok);
	const result = await fast(runNode({ items }));
	expect(result.items).toEqual(done);
	expect(result.run.data.executionData?.contextData).toEqual({});
});
