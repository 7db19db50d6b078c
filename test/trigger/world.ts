/** A model Ultimo, and what happens in it, for {@link ./model.test.ts}. */
import fc from 'fast-check';

import type { Details, Look, Seen } from '../../nodes/Ultimo/trigger/changes';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const SPACES = ['A', 'B', 'C'];
/** A space that nobody watches. */
const ELSEWHERE = 'X';

export type Step =
	| { do: 'make'; space: number; inMinutes: number; minutes: number }
	| { do: 'shift'; which: number; minutes: number }
	| { do: 'lengthen'; which: number; minutes: number }
	| { do: 'send'; which: number; space: number }
	| { do: 'describe'; which: number; text: number }
	| { do: 'cancel'; which: number }
	| { do: 'restore'; which: number }
	| { do: 'wait'; minutes: number }
	/** `failed`: which spaces fail, as bits; `between`: what happens before the space of this number is asked. */
	| { do: 'poll'; failed: number; between?: [asked: number, step: Step] }
	| { do: 'watch'; spaces: number }
	/** n8n ends and starts again, perhaps before it kept what the last events left. */
	| { do: 'restart'; kept: boolean };

const which = fc.nat(30);
const near = fc.integer({ min: -180, max: 600 });
const distant = fc.integer({ min: 0, max: 12 * 24 * 60 });
const happening = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant('make' as const),
			space: fc.nat(3),
			inMinutes: fc.oneof(near, distant),
			minutes: fc.oneof(fc.integer({ min: 1, max: 240 }), fc.constant(3 * 24 * 60)),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			do: fc.constant('shift' as const),
			which,
			minutes: fc.oneof(fc.integer({ min: -300, max: 300 }), fc.constant(60 * 24 * 60)),
		}),
	},
	fc.record({
		do: fc.constant('lengthen' as const),
		which,
		minutes: fc.integer({ min: -60, max: 90 }),
	}),
	fc.record({ do: fc.constant('send' as const), which, space: fc.nat(3) }),
	fc.record({ do: fc.constant('describe' as const), which, text: fc.nat(3) }),
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
	fc.record({ do: fc.constant('restore' as const), which }),
);
const polling = fc.record({
	do: fc.constant('poll' as const),
	failed: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(7)),
	between: fc.option(fc.tuple(fc.nat(2), happening), { nil: undefined, freq: 4 }),
});
export const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: happening },
	{ weight: 7, arbitrary: polling },
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant('wait' as const),
			minutes: fc.oneof(
				{ weight: 6, arbitrary: fc.integer({ min: 1, max: 90 }) },
				fc.integer({ min: 90, max: 3 * 24 * 60 }),
			),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), kept: fc.boolean() }) },
	fc.record({ do: fc.constant('watch' as const), spaces: fc.integer({ min: 1, max: 7 }) }),
);

export interface Nature {
	/** What Ultimo takes for "in" a window. */
	meaning: 'overlap' | 'containment';
	/** Whether it lists what was cancelled. */
	listsCancelled: boolean;
}
export const nature: fc.Arbitrary<Nature> = fc.record({
	meaning: fc.constantFrom('overlap' as const, 'containment' as const),
	listsCancelled: fc.boolean(),
});

export class World {
	now = Date.parse('2026-03-27T08:00:00Z');
	/** `earliest`: nobody moves what has begun by more than some hours back. */
	private all: Array<{ id: string; details: Details; earliest: number }> = [];

	constructor(private readonly nature: Nature) {}

	happens(step: Step): void {
		const one = 'which' in step ? this.all[step.which % this.all.length] : undefined;
		const details = one?.details;
		const isPast = details !== undefined && details.end <= this.now;
		if (step.do === 'wait') this.now += step.minutes * MINUTE;
		if (step.do === 'make') {
			const start = this.now + step.inMinutes * MINUTE;
			this.all.push({
				id: String(this.all.length + 1).padStart(11, '0'),
				earliest: start - 20 * HOUR,
				details: {
					space: [...SPACES, ELSEWHERE][step.space],
					start,
					end: start + step.minutes * MINUTE,
					description: 'Text 0',
					applicant: 'ULTIMO',
					applicantName: 'Fasse, J.',
					status: 'Processed',
				},
			});
		}
		// As in Ultimo, the past does not change.
		if (one === undefined || details === undefined || isPast) return;
		if (step.do === 'restore') details.status = 'Processed';
		if (step.do === 'cancel') details.status = 'Cancelled';
		if (details.status === 'Cancelled') return;
		if (step.do === 'shift') {
			const start = details.start + step.minutes * MINUTE;
			if (start < one.earliest || start > this.now + 90 * DAY) return;
			one.earliest = Math.max(one.earliest, start - 20 * HOUR);
			details.end += start - details.start;
			details.start = start;
		}
		if (step.do === 'lengthen') {
			details.end = Math.max(details.start + MINUTE, details.end + step.minutes * MINUTE);
		}
		if (step.do === 'send') details.space = [...SPACES, ELSEWHERE][step.space];
		if (step.do === 'describe') details.description = `Text ${step.text}`;
	}

	/** Where each reservation is that stands. */
	standing(): Map<string, string> {
		const standing = this.all.filter(({ details }) => details.status !== 'Cancelled');
		return new Map(standing.map(({ id, details }) => [id, details.space]));
	}

	list(space: string, from: number, till: number): Look {
		const found = this.all
			.filter(
				({ details: { start, end, status, ...one } }) =>
					one.space === space &&
					(this.nature.listsCancelled || status !== 'Cancelled') &&
					(this.nature.meaning === 'overlap'
						? start < till && end > from
						: start >= from && end <= till),
			)
			.map(({ id, details }): Seen => {
				const { start, end } = details;
				return { id, start, end, item: { ...details } };
			});
		return { from, till, found };
	}
}
