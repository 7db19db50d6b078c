import { perRun, type Run } from '../transport/run';

/** What a run looks up once by its key, also when items ask at the same time; a failure is no answer. */
export function once<T>(): (run: Run, key: string, look: () => Promise<T>) => Promise<T> {
	const known = perRun(() => new Map<string, Promise<T>>());
	return async (run, key, look) => {
		const answers = known(run);
		let answer = answers.get(key);
		if (!answer) {
			answer = look();
			answers.set(key, answer);
			answer.catch(() => answers.delete(key));
		}
		return await answer;
	};
}
