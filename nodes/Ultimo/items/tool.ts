import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

import { inWords } from '../transport/words';
import type { Outcome } from '../transport/failure';
import type { ItemError } from './task';

const MIXED_UP =
	'Turn off Retry On Fail in the settings of this tool: n8n mixes up the values of calls that overlap.';

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

/** Of no items n8n tells a model nothing at all, or `[]`. */
export function nothingFound(words = 'Nothing in Ultimo fits.'): IDataObject {
	return { found: 0, message: words };
}

const OUTCOMES: Record<Outcome, string> = {
	refused: 'Nothing was changed.',
	notSent: 'Nothing was changed in Ultimo.',
	unknown: 'Whether it was done is not known: do not repeat it before somebody has looked.',
};

/** Of an error n8n tells a model the message alone; where that is swapped for n8n's own, the description. */
export function forModel(error: ItemError): ItemError {
	const { outcome = 'notSent' } = error.context as { outcome?: Outcome };
	error.description = [error.description, OUTCOMES[outcome]].filter(Boolean).join(' ');
	error.message = inWords(error.message, error.description);
	return error;
}
