import fc from 'fast-check';

import { compare, suspects, type Comparison, type Look } from '../../nodes/Ultimo/trigger/changes';
import { pack, unpack, type Picture } from '../../nodes/Ultimo/trigger/picture';
import { beyond, windowOf } from '../../nodes/Ultimo/trigger/window';
import { Subscriber } from './subscriber';
import { DAY, MINUTE, nature, SPACES, step, World, type Nature, type Step } from './world';

/** More by hand: `WORLDS=20000 npx jest test/trigger/model`. */
const WORLDS = Number(process.env.WORLDS ?? 500);
const counts = { worlds: 0, polls: 0, events: 0, restarts: 0, wrong: 0 };

const EMPTY: Picture = { environment: 'e', failures: 0, windows: new Map(), known: new Map() };
const LONGEST_LOOK = 10 * DAY;

function run(nature: Nature, steps: Step[]): string[] {
	const world = new World(nature);
	const wrong: string[] = [];
	const subscriber = new Subscriber((what) => wrong.push(what));
	let memory = pack(EMPTY);
	let disk = memory;
	let watched = SPACES;
	let fresh = true;

	const poll = (failed: number, between?: [number, Step]) => {
		const picture = unpack(memory) as Picture;
		const looks = new Map<string, Look>();
		const standing = world.standing();
		const settings: Comparison = {
			now: world.now,
			lookAheadMs: LONGEST_LOOK,
			soonMs: 15 * MINUTE,
			isCancelled: (status) => status === 'Cancelled',
		};
		for (const [index, space] of SPACES.entries()) {
			if (between?.[0] === index) world.happens(between[1]);
			if (!watched.includes(space)) continue;
			const look = world.list(space, ...windowOf(picture, space, settings));
			looks.set(space, failed & (1 << index) ? 'failed' : look);
		}
		for (const space of suspects(picture, looks)) {
			const look = looks.get(space) as Exclude<Look, string>;
			const farther = world.list(space, ...beyond(look.till)) as Exclude<Look, string>;
			look.found.push(...farther.found);
		}
		const result = compare(picture, looks, settings);
		memory = pack(result.picture);
		for (const { event, id, now } of between ? [] : result.changes) {
			const stands = event === 'cancelled' && standing.get(id) === now.space;
			if (stands) wrong.push(`cancelled ${id}: it was only put off for long`);
		}
		subscriber.poll(looks, result.changes, settings);
		counts.polls++;
		counts.events += result.changes.length;
		// n8n saves with every emit, and once after the first poll of an activation.
		return result.changes.length > 0 || fresh;
	};
	const save = () => {
		disk = memory;
		fresh = false;
		subscriber.keep();
	};

	let unsaved = false;
	for (const step of [...steps, ...QUIET]) {
		if (step.do === 'watch') watched = SPACES.filter((_, index) => step.spaces & (1 << index));
		if (step.do !== 'restart' && unsaved) {
			save();
			unsaved = false;
		}
		if (step.do === 'poll') unsaved = poll(step.failed, step.between);
		else if (step.do === 'restart') {
			counts.restarts++;
			if (unsaved && step.kept) save();
			memory = disk;
			subscriber.restart();
			fresh = true;
			unsaved = poll(0);
		} else world.happens(step);
	}
	counts.worlds++;
	counts.wrong += wrong.length;
	return wrong;
}

/** In the end everything is known. */
const QUIET: Step[] = [1, 2, 3].flatMap((): Step[] => [
	{ do: 'poll', failed: 0 },
	{ do: 'wait', minutes: 1 },
]);

test('every change that lasts is told once, and nothing else', () => {
	const steps = fc.array(step, { maxLength: 90, size: 'max' });
	fc.assert(
		fc.property(nature, steps, (kind, some) => {
			expect(run(kind, some)).toEqual([]);
		}),
		{ numRuns: WORLDS },
	);
	if (process.env.WORLDS) console.log(JSON.stringify(counts));
	expect(counts.wrong).toBe(0);
}, 600_000);
