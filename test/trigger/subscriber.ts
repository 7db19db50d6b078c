/** Who gets the events of {@link ./model.test.ts}, and holds them against what Ultimo listed. */
import {
	FIELDS,
	type Change,
	type Comparison,
	type Details,
	type Look,
} from '../../nodes/Ultimo/trigger/changes';

/** What is told of one reservation. */
interface Told {
	details: Details;
	alive: boolean;
	/** Moments that are told or never will be: 'started 1764061200000'. */
	moments: Set<string>;
	missing: number;
}

const TOLD = 'told';
const MAY_COME_AGAIN = 'may come again';

type Complete = Exclude<Look, string>;

/**
 * Builds from the events alone what it believes of Ultimo. It gets for nothing what the trigger takes
 * silently: the first picture, what comes into the window by itself, a new space.
 */
export class Subscriber {
	private told = new Map<string, Told>();
	private windows = new Map<string, [number, number]>();
	private kept: string = this.snapshot();
	private readonly keys = new Map<string, string>();
	/** Told, but not kept yet: may be told again after a restart. */
	private unkept = new Set<string>();

	constructor(private readonly wrong: (what: string) => void) {}

	/** n8n keeps the picture together with this. */
	keep(): void {
		this.kept = this.snapshot();
		this.unkept.clear();
	}

	restart(): void {
		for (const key of this.unkept) this.keys.set(key, MAY_COME_AGAIN);
		this.unkept.clear();
		const [told, windows] = JSON.parse(this.kept);
		this.windows = new Map(windows);
		this.told = new Map(
			told.map(([id, one]: [string, Told & { moments: string[] }]) => [
				id,
				{ ...one, moments: new Set(one.moments) },
			]),
		);
	}

	poll(looks: Map<string, Look>, changes: Change[], comparison: Comparison): void {
		const listed = this.listed(looks);
		for (const [id, { details }] of this.told) {
			if (!looks.has(details.space) && !listed.has(id)) this.forget(id);
		}
		for (const space of this.windows.keys()) if (!looks.has(space)) this.windows.delete(space);
		for (const change of changes) this.hear(change, listed, comparison);
		this.check(listed, looks, comparison);
		for (const [space, look] of looks) {
			if (typeof look !== 'string') this.windows.set(space, [look.from, look.till]);
		}
	}

	private hear(change: Change, listed: Map<string, Details>, comparison: Comparison): void {
		const { event, id, key, now, before } = change;
		const what = `${event} ${id}`;
		if (this.keys.get(key) === TOLD) this.wrong(`${what}: told twice`);
		this.keys.set(key, TOLD);
		this.unkept.add(key);

		const known = this.told.get(id);
		const real = listed.get(id);
		const starts = Math.min(now.start, known?.details.start ?? Infinity);
		if (starts >= comparison.now + comparison.lookAheadMs) this.wrong(`${what}: too far ahead`);
		if (event === 'cancelled') {
			if (!known?.alive) this.wrong(`${what}: was not known`);
			else if (real && real.status !== 'Cancelled') this.wrong(`${what}: it stands`);
			else if (!real && known.missing < 1) this.wrong(`${what}: missing for the first time`);
			if (known) known.alive = false;
			this.release(id);
			return;
		}
		if (!real || real.status === 'Cancelled') return this.wrong(`${what}: not there`);
		if (differ(real, now)) this.wrong(`${what}: not as it is`);
		if (event === 'created') {
			if (known?.alive) this.wrong(`${what}: known before`);
			if (!known && !this.isNew(real)) this.wrong(`${what}: it only came into the window`);
			this.learn(id, real, real.start <= comparison.now ? ['startingSoon'] : []);
			return;
		}
		if (!known?.alive) return this.wrong(`${what}: unknown`);
		if (event === 'updated') {
			if (!before || differ(before, known.details)) this.wrong(`${what}: it was different`);
			if (!differ(known.details, real)) this.wrong(`${what}: nothing changed`);
			this.change(id, known, real, comparison.now);
			return;
		}
		const due = {
			startingSoon: real.start - comparison.soonMs,
			started: real.start,
			ended: real.end,
		}[event];
		if (due > comparison.now || change.lateMs !== comparison.now - due)
			this.wrong(`${what}: not now`);
		const moment = `${event} ${due}`;
		if (known.moments.has(moment)) this.wrong(`${what}: told before`);
		known.moments.add(moment);
	}

	/** That nothing was left out. */
	private check(
		listed: Map<string, Details>,
		looks: Map<string, Look>,
		comparison: Comparison,
	): void {
		const { now, lookAheadMs, soonMs } = comparison;
		for (const [id, real] of listed) {
			const known = this.told.get(id);
			const stands = real.status !== 'Cancelled';
			const window = looks.get(real.space) as Complete;
			if (!known) {
				if (real.start >= window.till || real.end <= window.from) continue;
				const hasToBeTold = stands && this.isNew(real) && real.start < now + lookAheadMs;
				if (hasToBeTold) this.wrong(`${id} was made, and not told`);
				const over = { startingSoon: real.start - soonMs, started: real.start, ended: real.end };
				this.learn(
					id,
					real,
					Object.keys(over).filter((event) => over[event as 'ended'] <= now),
					soonMs,
				);
				(this.told.get(id) as Told).alive = stands;
				continue;
			}
			known.missing = 0;
			const silent = Math.min(real.start, known.details.start) >= now + lookAheadMs;
			if (known.alive !== stands && !silent) this.wrong(`${id} is ${real.status}, and not told`);
			if (known.alive && stands && differ(known.details, real)) {
				if (!silent) this.wrong(`${id} has changed, and not told`);
				this.change(id, known, real, now);
			}
			known.alive = stands;
			known.details = real;
			if (!stands) continue;
			for (const [event, due] of [
				['startingSoon', real.start - soonMs],
				['started', real.start],
				['ended', real.end],
			] as const) {
				if (due <= now && !known.moments.has(`${event} ${due}`))
					this.wrong(`${event} ${id} was not told`);
			}
		}
		const isWhole = [...looks.values()].every((look) => typeof look !== 'string');
		for (const [id, known] of this.told) {
			const { details } = known;
			const look = looks.get(details.space) as Look;
			if (typeof look === 'string' || listed.has(id)) continue;
			if (details.end <= look.from) this.told.delete(id);
			if (!isWhole || !known.alive || !lies(details, [look.from, look.till])) continue;
			if (known.missing >= 1) {
				if (details.start < now + lookAheadMs) this.wrong(`${id} was cancelled, and not told`);
				known.alive = false;
			}
			if (details.end > now) known.missing++;
		}
	}

	/** What the lists hold; a reservation that moved between two of them is still where it was. */
	private listed(looks: Map<string, Look>): Map<string, Details> {
		const listed = new Map<string, Details>();
		for (const look of looks.values()) {
			if (typeof look === 'string') continue;
			for (const { id, item } of look.found) {
				const home = this.told.get(id)?.details.space;
				const held = listed.get(id)?.space;
				if (!held || (held !== home && item.space === home)) listed.set(id, item);
			}
		}
		return listed;
	}

	/** The last list of its space had to hold it. */
	private isNew(details: Details): boolean {
		const window = this.windows.get(details.space);
		return window !== undefined && lies(details, window);
	}

	private learn(id: string, details: Details, over: string[], soonMs = 15 * 60_000): void {
		const times: Record<string, number> = {
			startingSoon: details.start - soonMs,
			started: details.start,
			ended: details.end,
		};
		const moments = new Set(over.map((event) => `${event} ${times[event]}`));
		this.told.set(id, { details, alive: true, moments, missing: 0 });
	}

	private change(id: string, known: Told, real: Details, now: number): void {
		const soon = `startingSoon ${real.start - 15 * 60_000}`;
		const started = `started ${real.start}`;
		if (real.start !== known.details.start) {
			const hadStarted = known.moments.has(`started ${known.details.start}`);
			this.release(id);
			known.moments.delete(soon);
			known.moments.delete(started);
			if (real.start <= now) known.moments.add(soon);
			if (real.start <= now && hadStarted) known.moments.add(started);
		}
		const ended = `ended ${real.end}`;
		const hadEnded = known.moments.has(`ended ${known.details.end}`);
		if (real.end > now) known.moments.delete(ended);
		else if (hadEnded) known.moments.add(ended);
		if (real.end > now) this.release(id);
		known.details = real;
	}

	/** Of a space that is no longer watched nothing is known, and all may come again. */
	private forget(id: string): void {
		this.told.delete(id);
		for (const key of this.keys.keys()) if (key.startsWith(id)) this.keys.set(key, MAY_COME_AGAIN);
	}

	/** Its moments may come again. */
	private release(id: string): void {
		for (const key of this.keys.keys()) {
			if (key.startsWith(id) && /:(startingSoon|started|ended):/.test(key))
				this.keys.set(key, MAY_COME_AGAIN);
		}
	}

	private snapshot(): string {
		const told = [...this.told].map(([id, one]) => [id, { ...one, moments: [...one.moments] }]);
		return JSON.stringify([told, [...this.windows]]);
	}
}

function lies({ start, end }: Details, [from, till]: [number, number]): boolean {
	return start >= from && end <= till;
}

function differ(one: Details, other: Details): boolean {
	return FIELDS.some((field) => one[field] !== other[field]);
}
