import type { Connection } from './connection';
import type { Failure } from './failure';
import type { Guest } from './guest';
import { Outage } from './outage';
import { Stop } from './stop';

/** How the option is called that ends the waiting for the quota. */
export const GIVE_UP_AFTER = 'Longest Wait (Seconds)';

export interface Patience {
	/** Milliseconds to wait for the answer to one request. */
	timeout: number;
	/** Seconds after which to give up while Ultimo throttles everything, or answers nothing. */
	giveUpAfter: number;
	/** How often a request may be repeated after a fault; without it as often as is good for a run. */
	repeats?: number;
	/** How many requests one item may have under way at a time; one, if not told otherwise. */
	atOnce?: number;
}

/** How far a run is, for what it tells its builder. */
export interface Progress {
	readonly total: number;
	readonly done: number;
}

/** What one execution, poll or look-up of the editor's remembers while it runs. */
export class Run {
	readonly guest: Guest;

	/** The user's stop, or one that lets items go on of which an answer was lost, and no others. */
	readonly halt: Stop;

	readonly outage: Outage;

	/** Why a kind of request can't succeed in this run, once that is known; then it is not sent again. */
	readonly closed = new Map<string, Failure>();

	/** Kinds of requests that did succeed; one refusal of theirs says nothing of the next. */
	readonly proven = new Set<string>();

	/** What the builder of the workflow should know beside the items; each is told once. */
	readonly notes = new Set<string>();

	/** Items that wait for the quota at the moment, and milliseconds that any item did so far. */
	readonly waits = { items: 0, ms: 0 };

	constructor(
		readonly connection: Connection,
		readonly patience: Patience,
		readonly progress: Progress = { total: 1, done: 0 },
	) {
		const { gate, stop } = connection;
		const giveUpAfterMs = patience.giveUpAfter * 1000;
		this.guest = gate.join(connection, giveUpAfterMs);
		this.halt = new Stop(stop);
		this.outage = new Outage(gate.clock, giveUpAfterMs);
	}
}

/** Something of a layer above that lives as long as a run. */
export function perRun<T>(create: () => T): (run: Run) => T {
	const known = new WeakMap<Run, T>();
	return (run) => {
		const one = known.get(run) ?? create();
		known.set(run, one);
		return one;
	};
}
