import { deepEqual, equal } from 'node:assert/strict';
import { DateTime } from 'luxon';
import { itemsOf } from '../n8n/execution.mts';
import { demoSeed } from '../ultimo/seed.mts';
import { anew, deeds, importExample, requests, runFrom, type Bed, ZONE } from './bed.mts';
import type { Step } from './steps.mts';

/** Two rooms of a similar name are reserved at the same time; the one that is named is meant. */
export async function freeRoom(bed: Bed, step: Step): Promise<void> {
	const [file, start] = ['free-room.json', 'When clicking ‘Execute workflow’'];
	const freed = '00000006710';
	const demo = demoSeed(Date.now());
	const [meant] = demo.reservations;
	const twin = { id: 'C-250', name: 'Meeting room 20' };
	const other = { ...meant, UltimoId: '00000009999', SpaceId: twin.id };
	const seed = {
		...demo,
		spaces: [...demo.spaces, twin],
		reservations: [...demo.reservations, other],
	};
	const time = (ms: number) => DateTime.fromMillis(ms, { zone: ZONE });
	const local = (ms: number) => time(ms).toFormat("yyyy-MM-dd'T'HH:mm:ss");
	const importFor = async (end: number, options?: object, room = 'meeting room 2') =>
		await importExample(bed, file, ({ name, parameters }) => {
			if (name === 'Free the room' && options) return { parameters: { ...parameters, options } };
			if (name !== 'Room and time') return {};
			const assignments = Object.entries({ room, start: local(meant.start), end: local(end) });
			const fields = assignments.map(([id, value]) => ({ id, name: id, value, type: 'string' }));
			return { parameters: { assignments: { assignments: fields }, options: {} } };
		});
	const runs = async (...wanted: Parameters<typeof importFor>) => {
		anew(bed, {}, seed);
		return await runFrom(bed, (await importFor(...wanted)).id, start);
	};
	/** As events of a calendar come, several in one poll. */
	const runsForEach = async (events: object[]) => {
		const field = (name: string) => ({
			id: name,
			name,
			value: `={{ $json.${name} }}`,
			type: 'string',
		});
		const { id } = await importExample(
			bed,
			file,
			({ name, parameters }) => {
				if (name === 'Free the room') return { parameters: { ...parameters, options: {} } };
				if (name !== 'Room and time') return {};
				const assignments = ['room', 'start', 'end'].map(field);
				return { parameters: { assignments: { assignments }, options: {} } };
			},
			{ [start]: events.map((json) => ({ json })) },
		);
		return await runFrom(bed, id, start);
	};

	await step('finds the room and the reservation, and cancels none as imported', async () => {
		const run = await runs(meant.end);
		equal(run.status, 'success');
		deepEqual(
			itemsOf(run, 'Free the room').map(({ json: { UltimoId, SpaceId, dryRun, found } }) => [
				...[UltimoId, SpaceId, dryRun, found],
			]),
			[[freed, 'C-25', true, true]],
		);
		deepEqual(deeds(bed), []);
	});
	await step('with Dry Run off, frees that room, and asks no more than it has to', async () => {
		const run = await runs(meant.end, {});
		equal(run.status, 'success');
		deepEqual(deeds(bed), [`cancelled ${freed}`]);
		deepEqual(requests(bed), { Space: 1, Get: 1, Cancel: 1 });
	});
	await step('frees nothing at another time, or in a room that there is not', async () => {
		await runs(meant.end + 60_000, {});
		deepEqual(requests(bed), { Space: 1, Get: 1 });
		await runs(meant.end, {}, 'Meeting room');
		deepEqual(requests(bed), { Space: 1 });
	});
	await step('of two rooms of one name, frees neither', async () => {
		const spaces = [...seed.spaces, { id: 'D-25', name: 'MEETING ROOM 2' }];
		anew(bed, {}, { ...seed, spaces });
		await runFrom(bed, (await importFor(meant.end, {})).id, start);
		deepEqual(requests(bed), { Space: 1 });
	});
	await step('of two events, frees the room of each', async () => {
		anew(bed, {}, seed);
		const second = demo.reservations.find(({ SpaceId }) => SpaceId === 'C-26')!;
		const run = await runsForEach([
			{ room: 'Meeting room 2', start: local(meant.start), end: local(meant.end) },
			{ room: 'Meeting room 3', start: time(second.start).toUTC().toISO(), end: local(second.end) },
		]);
		equal(run.status, 'success');
		deepEqual(deeds(bed).sort(), [freed, second.UltimoId].map((id) => `cancelled ${id}`).sort());
	});
}
