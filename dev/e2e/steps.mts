/** One thing that is seen to work, or not; the name tells it in plain words. */
export type Step = <T>(title: string, work: () => Promise<T>) => Promise<T>;

export interface Tally {
	passed: number;
	/** One sentence each. */
	failures: string[];
}

/** Its message is already printed. */
class StepFailed extends Error {}

/**
 * Runs a test made of steps. A failed step ends its test, since the next ones build on it: they are
 * not run and not counted. The other tests are.
 * @param onFailure may return what helps to understand the failure, such as a screenshot's path
 */
export async function runTest(
	tally: Tally,
	title: string,
	test: (step: Step) => Promise<void>,
	onFailure: (title: string) => Promise<string | undefined> = async () => undefined,
): Promise<void> {
	console.log(title);
	const fail = async (name: string, error: unknown) => {
		const evidence = await onFailure(`${title} ${name}`).catch(String);
		const message = error instanceof Error ? error.message : String(error);
		tally.failures.push([`${title}: ${name}. ${message}`, evidence].filter(Boolean).join('\n'));
		console.log(`  FAILED ${name}\n${message}\n${evidence ?? ''}`);
	};
	const step: Step = async (name, work) => {
		const started = Date.now();
		try {
			const result = await work();
			tally.passed++;
			console.log(`  ok ${name} (${Date.now() - started} ms)`);
			return result;
		} catch (error) {
			await fail(name, error);
			throw new StepFailed();
		}
	};
	try {
		await test(step);
	} catch (error) {
		if (!(error instanceof StepFailed)) await fail('outside of the steps', error);
	}
}
