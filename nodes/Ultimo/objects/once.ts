import { perRun, type Run } from '../transport/run';

/** What a run looks up once by its key, also when items ask at the same time. What failed is no answer. */
export function once<T>(): (run: Run, key: string, look: () => Promise<T>) => Promise<T> {
	const known = perRun(() => new Map<string, Promise<T>>());
	return async (run, key, look) => {
		const answers = known(run);
		const answer = answers.get(key) ?? look();
		answers.set(key, answer);
		try {
			return await answer;
		} catch (error) {
			if (answers.get(key) === answer) answers.delete(key);
			throw error;
		}
	};
}
