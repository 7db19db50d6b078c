import nock from 'nock';

import { runNode } from '../support/n8n.mts';
import { inThePast, ok, ultimo } from '../support/ultimo';
import { fakeTime, fast } from '../support/time.mts';

beforeAll(() => nock.disableNetConnect());
beforeEach(fakeTime);
afterEach(() => {
	jest.useRealTimers();
	nock.cleanAll();
});
afterAll(() => nock.restore());

const ids = ['00000006710', '00000006711', '00000006712'];
const items = ids.map((UltimoId) => ({ UltimoId }));
const done = ids.map((UltimoId, item) => ({
	json: { UltimoId, cancelled: true },
	pairedItem: { item },
}));
const idsOf = (seen: Array<{ body: unknown }>) =>
	seen.map(({ body }) => (body as { UltimoId: string }).UltimoId);

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
		expect(JSON.stringify(result.run.data)).not.toContain('"done"');
	});

	it('keeps what is done in the execution when all tries fail, for a Retry of it', async () => {
		let past = true;
		const seen = ultimo(({ UltimoId }) => (past && UltimoId === '00000006711' ? inThePast : ok));
		const failed = await fast(runNode({ items, node: retry }));
		expect(failed.error?.message).toMatch(/in the past/);
		expect(idsOf(seen)).toHaveLength(5);

		// What n8n does when a failed execution is retried: the failed run goes, its data stay.
		const runExecutionData = JSON.parse(JSON.stringify(failed.run.data));
		delete runExecutionData.resultData.error;
		runExecutionData.resultData.runData.Ultimo.pop();
		past = false;
		const retried = await fast(runNode({ items, mode: 'retry', runExecutionData }));
		expect(idsOf(seen).slice(5)).toEqual(['00000006711']);
		expect(retried.items).toEqual(done);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'%s: n8n tries again when the first item failed; nothing is done twice',
		async (onError) => {
			const seen = refusedFirst('00000006710', 1);
			const result = await fast(runNode({ items, node: { ...retry, onError } }));
			expect(idsOf(seen)).toEqual([...ids, '00000006710']);
			expect(result.outputs[0]).toEqual(done);
			expect(JSON.stringify(result.run.data)).not.toContain('"done"');
		},
	);

	it('forgets after the last try of a run that goes on with failed items', async () => {
		const seen = refusedFirst('00000006710', 99);
		const result = await fast(
			runNode({ items, node: { ...retry, onError: 'continueRegularOutput' } }),
		);
		expect(idsOf(seen)).toEqual([...ids, '00000006710', '00000006710']);
		expect(result.items.map(({ json }) => json.cancelled)).toEqual([undefined, true, true]);
		expect(JSON.stringify(result.run.data)).not.toContain('"done"');
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
