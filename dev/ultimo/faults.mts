import { html, json, plain, quotaExceeded, type Answer } from './contract.mts';
import { inThePast } from './refusals.mts';

export interface FaultPlan {
	seed: number;
	/** Share of the requests that meet a fault, 0 to 1. */
	rate: number;
	/** Default: all of them, equally often. */
	kinds?: FaultKind[];
	/** How long 'slow' takes; default 300. */
	slowMs?: number;
}

/** No answer at all: the connection is reset. */
export const reset = Symbol('reset');
type Outcome = Answer | typeof reset;

/** The action is not carried out; this is answered. */
const insteadOfActing = {
	resetBefore: () => reset,
	error500: () => plain(500, 'Internal Server Error'),
	html502: () => html(502, '502 Bad Gateway'),
	errorIn200: () => json(200, { ...inThePast, type: '3' }),
	tooMany: () => quotaExceeded(429),
} satisfies Record<string, () => Outcome>;

/** The action is carried out, its answer is spoilt. */
const afterActing = {
	resetAfter: () => reset,
	error500After: () => plain(500, 'Internal Server Error'),
	cutJson: (answer: Answer) => ({
		...answer,
		payload: answer.payload.slice(0, Math.floor(answer.payload.length / 2)),
	}),
	emptyBody: (answer: Answer) => ({ ...answer, payload: '' }),
	slow: (answer: Answer) => answer,
} satisfies Record<string, (answer: Answer) => Outcome>;

export type FaultKind = keyof typeof insteadOfActing | keyof typeof afterActing;

export const faultKinds = [
	...Object.keys(insteadOfActing),
	...Object.keys(afterActing),
] as FaultKind[];

/** Undefined when the fault lets the action be carried out. */
export const instead = (fault: FaultKind | undefined): Outcome | undefined =>
	fault && fault in insteadOfActing
		? insteadOfActing[fault as keyof typeof insteadOfActing]()
		: undefined;

export const spoilt = (fault: FaultKind | undefined, answer: Answer): Outcome =>
	fault && fault in afterActing ? afterActing[fault as keyof typeof afterActing](answer) : answer;

/** Tommy Ettinger's mulberry32: numbers from 0 up to 1, the same for the same seed. */
function mulberry32(seed: number) {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** One call a request, in order of arrival. */
export function faultDice(plan: FaultPlan | undefined): () => FaultKind | undefined {
	if (!plan) return () => undefined;
	const random = mulberry32(plan.seed);
	const kinds = plan.kinds ?? faultKinds;
	return () => {
		// Both are drawn each time, so that a higher rate adds faults and moves none.
		const [hit, pick] = [random(), random()];
		return hit < plan.rate ? kinds[Math.floor(pick * kinds.length)] : undefined;
	};
}
