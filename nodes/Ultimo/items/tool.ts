import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

const MIXED_UP =
	'Turn off Retry On Fail in the settings of this tool: n8n mixes up the values of calls that overlap.';

/** Whether an agent calls the node; newer n8n runs it as a node of another type then. */
export function isTool(n8n: IExecuteFunctions): boolean {
	// Older n8n has no such function.
	return n8n.isToolExecution?.() || n8n.getNode().type.endsWith('Tool');
}

/**
 * A call is retried with the values of whichever call n8n has noted down under the same number
 * (`makeHandleToolInvocation` in n8n-core's get-input-connection-data.ts).
 * @throws NodeOperationError when these are not its own
 */
export function checkCall(n8n: IExecuteFunctions): void {
	if (!n8n.isToolExecution?.()) return;
	if (n8n.getNode().retryOnFail) {
		n8n.addExecutionHints({ message: MIXED_UP, type: 'warning', location: 'outputPane' });
	}
	const own = n8n.getInputData()[0].json;
	const { $fromAI } = n8n.getWorkflowDataProxy(0);
	const isOwn = (name: string) => JSON.stringify($fromAI(name)) === JSON.stringify(own[name]);
	if (
		Object.keys(own)
			.filter((name) => /^[\w-]{1,64}$/.test(name))
			.every(isOwn)
	)
		return;
	throw new NodeOperationError(n8n.getNode(), 'These are the values of another call', {
		description: MIXED_UP,
		itemIndex: 0,
	});
}
