import { NodeApiError, type IDataObject, type INode } from 'n8n-workflow';

import { LOOK_IN_ULTIMO, NO_ANSWER } from './codes';
import type { Failure } from './failure';
import { MOST_WAITING } from './gate';
import type { Stall } from './guest';
import { grouped, REQUESTS_PER_DAY } from './limits';
import { GIVE_UP_AFTER, type Progress } from './run';
import { cut, withCode, withoutStop } from './words';

export const STOPPED: Failure = {
	outcome: 'notSent',
	// By the word "canceled" n8n knows that this was no failure.
	message: 'The execution was canceled',
	advice: 'Run the workflow again for what is missing.',
	permanent: true,
};

/** Another item failed, and On Error says to stop. */
export const HALTED: Failure = {
	outcome: 'notSent',
	message: 'Not sent, because another item failed before',
	code: 'Halted',
	advice: 'Run the workflow again for what is missing.',
	permanent: true,
};

/** Characters of a value that was sent. */
const SHOWN = 50;

/** More waits in this process already than may. */
export const CROWDED: Failure = {
	outcome: 'notSent',
	message: `Not sent, because ${grouped(MOST_WAITING)} requests of this n8n wait for Ultimo already`,
	code: 'QueueFull',
	advice: 'Let fewer workflows run at a time, and run this one again for what is missing.',
};

export function gaveUp({ refusal, forMs, askedMs }: Stall, { done, total }: Progress): Failure {
	const seconds = (ms: number) => `${Math.ceil(ms / 1000)} seconds`;
	// A run that was asked for nothing yet has no answer to quote.
	const told = withoutStop(refusal?.message ?? 'Ultimo throttles all requests of this API key');
	return {
		// By it, who was asked for nothing yet is known to have made no mistake.
		code: 'Throttled',
		...refusal,
		outcome: 'notSent',
		httpStatus: undefined,
		message: `${told} (${done} of ${total} items are done, nothing was accepted for ${seconds(forMs)})`,
		advice: askedMs
			? `Ultimo asks to come back in ${seconds(askedMs)}, longer than the option ${GIVE_UP_AFTER} allows.`
			: `The ${grouped(REQUESTS_PER_DAY)} requests of the day are probably used up. Run the rest tomorrow, or find out what else uses the quota.`,
		quota: undefined,
		permanent: true,
	};
}

/** Nothing comes back any more. */
export function noAnswer(
	{ last, forMs }: { last: Failure; forMs: number },
	{ done, total }: Progress,
): Failure {
	return {
		...last,
		outcome: 'notSent',
		code: last.code ?? NO_ANSWER,
		httpStatus: undefined,
		message: `${withoutStop(last.message)} (${done} of ${total} items are done, no answer came for ${Math.ceil(forMs / 1000)} seconds)`,
		advice: 'Run the rest when Ultimo answers again.',
		permanent: true,
	};
}

/** What to do about a refusal of which only Ultimo's message says the cause. */
export function checkWhatWasSent(body: IDataObject): string {
	const fields = Object.entries(body).map(([name, value]) => {
		return `${name} "${cut(String(value ?? ''), SHOWN)}"`;
	});
	return `Compare the message with what was sent: ${fields.join(', ')}.`;
}

/** What is known of the reservation after all tries, which may be less than the last answer says. */
export function wholeTruth(
	failure: Failure,
	lost: Failure | undefined,
	throttled: Failure | undefined,
	done: string | undefined,
): Failure {
	if (lost && done && failure.outcome !== 'unknown') {
		const likely = failure.outcome === 'refused' ? 'is probably' : 'may be';
		return {
			...failure,
			outcome: 'unknown',
			advice: `The answer to an earlier try was lost (${withoutStop(lost.message)}), so the reservation ${likely} ${done}. ${LOOK_IN_ULTIMO}`,
		};
	}
	// What Ultimo throttles it has not looked at; the status tells a quota from all other reasons.
	if (throttled && failure.outcome === 'notSent') {
		return { ...failure, httpStatus: throttled.httpStatus };
	}
	return failure;
}

/** The one place where an error of the API is built; it is never wrapped again. */
export function apiError(node: INode, failure: Failure, itemIndex?: number): NodeApiError {
	const { message, code, advice, httpStatus, outcome, answered, SpaceId } = failure;
	const error = new NodeApiError(
		node,
		{},
		{
			message,
			description: advice,
			httpCode: httpStatus === undefined ? undefined : String(httpStatus),
			itemIndex,
		},
	);
	// n8n swaps messages that contain the letters of a Node.js code ("pre-EEXISTing") for its own.
	error.message = withCode(message, code);
	Object.assign(error.context, {
		...{ outcome, code, httpStatus },
		...(answered && { answered }),
		...(SpaceId && { SpaceId }),
	});
	return error;
}

/**
 * An error that ends a run. n8n takes any with the word "canceled", be it Ultimo's or a value's, for a
 * stop by the user and then calls no error workflow (`processSuccessExecution` in n8n-core's
 * workflow-execute.ts).
 */
export function asFailure<E extends Error>(error: E): E {
	if (error.message.includes(STOPPED.message)) return error;
	error.message = error.message.replaceAll('canceled', 'cancelled');
	return error;
}
