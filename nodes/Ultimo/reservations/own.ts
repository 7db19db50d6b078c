import type { IDataObject } from 'n8n-workflow';

import { REQUESTS_PER_DAY } from '../transport/limits';
import type { Run } from '../transport/run';
import { likeness } from './space';

/** More than a company can make in a day. */
const MOST_MADE = REQUESTS_PER_DAY;
const MOST_OPEN = 1_000;
/** How long after a lost answer the next one may well be lost too. */
const SHAKY_MS = 600_000;

/**
 * What this process itself asks of a company's Ultimo, in all its executions, so that none takes
 * what another made for its own. Bounded: the oldest is forgotten first.
 */
export class Own {
	private readonly made = new Set<string>();
	/** By what they look like, the external ids of requests whose fate is not known yet, or never was. */
	private readonly open = new Map<string, unknown[]>();
	private lostAt = -Infinity;

	/** @param now milliseconds that only ever go forward */
	constructor(private readonly now: () => number) {}

	/** Whether a Create of ours got this UltimoId. */
	has(id: string): boolean {
		return this.made.has(id);
	}

	add(id: string): void {
		this.made.add(id);
		forgetOldest(this.made, MOST_MADE);
	}

	/** @param again whether an earlier try has begun it already */
	begin(body: IDataObject, again: boolean): void {
		const open = this.open.get(likeness(body)) ?? [];
		if (again && open.includes(body.ExternalId)) return;
		this.open.set(likeness(body), [...open, body.ExternalId].slice(-MOST_OPEN));
		forgetOldest(this.open, MOST_OPEN);
	}

	/** It is known what became of a request. */
	end(body: IDataObject): void {
		const open = [...(this.open.get(likeness(body)) ?? [])];
		const at = open.indexOf(body.ExternalId);
		if (at >= 0) open.splice(at, 1);
		if (open.length > 0) this.open.set(likeness(body), open);
		else this.open.delete(likeness(body));
	}

	/** Whether another request than this one may have made what looks like it. */
	hasTwin(body: IDataObject): boolean {
		return (this.open.get(likeness(body)) ?? []).length > 1;
	}

	lost(): void {
		this.lostAt = this.now();
	}

	/** Whether answers got lost lately. */
	get isShaky(): boolean {
		return this.now() - this.lostAt < SHAKY_MS;
	}
}

const companies = new Map<string, Own>();

export function ownOf({ connection: { company, gate } }: Run): Own {
	const own = companies.get(company) ?? new Own(gate.clock.now);
	companies.set(company, own);
	return own;
}

function forgetOldest(some: Set<string> | Map<string, unknown>, most: number): void {
	for (const oldest of some.keys()) {
		if (some.size <= most) return;
		some.delete(oldest);
	}
}
