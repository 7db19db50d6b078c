import { runNode, type Result, type Setup } from './n8n.mts';
import { fast } from './time.mts';

/**
 * What n8n does when a failed execution is retried with the workflow as it is by then: the failed run
 * goes, its data stay, and the node runs with its settings of now.
 */
export async function retryOf({ run }: Result, setup: Setup = {}): Promise<Result> {
	const runExecutionData = JSON.parse(JSON.stringify(run.data));
	delete runExecutionData.resultData.error;
	runExecutionData.resultData.runData.Ultimo.pop();
	const [failed] = runExecutionData.executionData.nodeExecutionStack;
	const { parameters, node, items } = setup;
	Object.assign(failed.node.parameters, parameters);
	Object.assign(failed.node, node);
	if (items) failed.data.main = [items.map((json, item) => ({ json, pairedItem: { item } }))];
	return await fast(runNode({ mode: 'retry', runExecutionData, ...setup }));
}
