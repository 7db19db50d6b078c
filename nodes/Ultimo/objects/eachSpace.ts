import type { NodeApiError } from 'n8n-workflow';

import type { Ultimo } from '../transport/request';
import type { Space } from './spaces';

/**
 * What several spaces give, in their order, asked some at a time.
 * @param most how much will do; spaces that only come after it are not asked, or left out
 * @param failed gets the errors of spaces, in their order and with their names; when it throws, no
 * more is asked
 * @throws what `failed` throws
 */
export async function eachSpace<T>(
	ultimo: Ultimo,
	spaces: Space[],
	most: number,
	ask: (space: Space) => Promise<T[]>,
	failed: (error: NodeApiError) => void,
): Promise<T[]> {
	const answers: Array<T[] | NodeApiError> = [];
	const found: T[] = [];
	let next = 0;
	let taken = 0;
	const takeInOrder = () => {
		let stopped = true;
		try {
			for (; found.length < most && taken in answers; taken++) {
				const answer = answers[taken];
				if (Array.isArray(answer)) found.push(...answer);
				else failed(named(answer, spaces[taken]));
			}
			stopped = false;
		} finally {
			if (stopped) next = spaces.length;
		}
	};
	const work = async () => {
		while (next < spaces.length && found.length < most) {
			const index = next++;
			answers[index] = await ask(spaces[index]).catch((error: NodeApiError) => error);
			takeInOrder();
		}
	};
	const workers = Array.from({ length: ultimo.run.patience.atOnce ?? 1 }, work);
	// What is under way ends before the item does.
	await Promise.allSettled(workers);
	await Promise.all(workers);
	return found.slice(0, most);
}

function named(error: NodeApiError, { SpaceId, Description }: Space): NodeApiError {
	error.message = `Space ${SpaceId}${Description ? ` (${Description})` : ''}: ${error.message}`;
	error.context.SpaceId = SpaceId;
	return error;
}
