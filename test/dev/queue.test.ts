import { takeAccount } from '../../dev/queue/account.mts';
import { judge } from '../../dev/queue/runs/row.mts';

const DONE = ['1', '2', '3'];
const ultimo = { ledger: [], cancellations: (id: string) => (DONE.includes(id) ? 1 : 0) };
const cancelled = (UltimoId: string) => ({ UltimoId, cancelled: true });

const success = (asked: string[], items: object[] = asked.map(cancelled)) => ({
	id: `of ${asked}`,
	status: 'success',
	asked,
	items: items as Array<Record<string, unknown>>,
});
/** One call fails in the open in each case, which must not excuse what the others do. */
const failed = { id: 'failed', status: 'error', asked: ['4'], items: [] };

function brokenBy(...executions: Array<ReturnType<typeof success>>) {
	const all = [...executions, failed];
	const replies = all.map(({ asked, status }) => ({
		ids: asked,
		status: status === 'success' ? 200 : 500,
	}));
	const ids = all.flatMap(({ asked }) => asked);
	const account = takeAccount({ ids, ultimo, executions: all, replies });
	return judge({ run: '', account, calls: all.length, endings: ['success', 'error'] }).broken;
}

describe('the account of queue mode', () => {
	it('finds nothing wrong with a failure that is said', () => {
		expect(brokenBy(success(['1', '2']), success(['3']))).toEqual([]);
	});

	it.each([
		['no item for a reservation', success(['1', '2'], [cancelled('1')]), 'has no item for 1'],
		['a success that is none', success(['1', '5']), 'did not cancel 1'],
		['an untrue item', success(['5']), "which Ultimo's side denies"],
		['an item that says nothing', success(['1'], [{ UltimoId: '1' }]), 'denies'],
		['an error item for what was done', success(['1'], [{ UltimoId: '1', error: {} }]), 'denies'],
		['nothing kept', success([]), 'nothing asked'],
	])('finds %s, though another call failed', (_, execution, words) => {
		expect(brokenBy(success(['3']), execution)).toContainEqual(expect.stringContaining(words));
	});

	it('finds a caller who was told of a success that is none', () => {
		const replies = [{ ids: ['4'], status: 200 }];
		const account = takeAccount({ ids: ['4'], ultimo, executions: [failed], replies });
		const { broken } = judge({ run: '', account, calls: 1, endings: ['error'] });
		expect(broken).toEqual(['the caller with 4 was told of a success that is none']);
	});
});
