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
	let stopped = false;
	const takeInOrder = () => {
		while (!stopped && found.length < most && taken in answers) {
			const answer = answers[taken++];
			if (Array.isArray(answer)) found.push(...answer);
			else {
				stopped = true;
				failed(answer);
				stopped = false;
			}
		}
	};
	const work = async () => {
		while (!stopped && next < spaces.length && found.length < most) {
			const index = next++;
			const space = spaces[index];
			answers[index] = await ask(space).catch((error: NodeApiError) => named(error, space));
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
