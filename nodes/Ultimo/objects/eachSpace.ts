import type { NodeApiError } from 'n8n-workflow';

import type { Space } from './spaces';

/** What a space gave, or why it gave nothing. */
type Answer<T> = { found: T[] } | { error: NodeApiError };

/**
 * What several spaces give, in their order, asked some at a time.
 * @param atOnce how many to ask at a time
 * @param most how much will do; what lies behind it is not asked for, or left out
 * @param failed told of the error of a space, in order; when it throws, no more is asked
 * @throws what `failed` throws
 */
export async function eachSpace<T>(
	spaces: Space[],
	{ atOnce, most = Infinity }: { atOnce: number; most?: number },
	ask: (space: Space) => Promise<T[]>,
	failed: (space: Space, error: NodeApiError) => void,
): Promise<T[]> {
	const answers: Array<Answer<T> | undefined> = [];
	const results: T[] = [];
	let next = 0;
	let taken = 0;
	const takeInOrder = () => {
		for (let answer; results.length < most && (answer = answers[taken]); taken++) {
			if ('found' in answer) results.push(...answer.found);
			else failed(spaces[taken], answer.error);
		}
	};
	const work = async () => {
		while (next < spaces.length && results.length < most) {
			const index = next++;
			answers[index] = await ask(spaces[index]).then(
				(found) => ({ found }),
				(error: NodeApiError) => ({ error }),
			);
			try {
				takeInOrder();
			} catch (error) {
				next = spaces.length;
				throw error;
			}
		}
	};
	const ends = await Promise.allSettled(Array.from({ length: atOnce }, work));
	const end = ends.find(({ status }) => status === 'rejected');
	if (end) throw (end as PromiseRejectedResult).reason;
	return results.slice(0, most);
}
