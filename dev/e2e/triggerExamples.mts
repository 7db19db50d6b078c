import { deepEqual, equal, match } from 'node:assert/strict';
import { itemsOf } from '../n8n/execution.mts';
import { demoSeed, type Reservation } from '../ultimo/seed.mts';
import { anew, type Bed, deeds, importExample, runFrom } from './bed.mts';
import { clock } from './examples.mts';
import type { Step } from './steps.mts';

const TRIGGER = 'Ultimo Reservation Trigger';

/** A reservation that is there for the sample to be of. */
function oneReservation(bed: Bed): Reservation {
	const seed = demoSeed(Date.now());
	const coming = ({ SpaceId, start }: Reservation) => SpaceId === 'C-25' && start > Date.now();
	const one = seed.reservations.find(coming) as Reservation;
	anew(bed, {}, { ...seed, reservations: [one] });
	return one;
}

const jsonOf = (...given: Parameters<typeof itemsOf>) => itemsOf(...given).map(({ json }) => json);

/** Runs an example with the sample that the editor fetches. */
async function tryOut(bed: Bed, name: string, changed?: (text: string) => string) {
	const change = (content: object) =>
		changed ? (JSON.parse(changed(JSON.stringify(content))) as object) : content;
	const { id } = await importExample(bed, `${name}.json`, change);
	return await runFrom(bed, id, TRIGGER);
}

export async function roomCancelled(bed: Bed, step: Step): Promise<void> {
	const { UltimoId, start, Description } = oneReservation(bed);
	await step('a sample becomes a message that names room, time and person', async () => {
		const run = await tryOut(bed, 'room-cancelled');
		equal(run.status, 'success');
		equal(jsonOf(run, TRIGGER)[0].UltimoId, UltimoId);
		const [{ subject, text }] = jsonOf(run, 'Write the message');
		equal(subject, `C-25 is free: ${clock(start)}`);
		match(
			String(text),
			new RegExp(`^C-25 is free from .*: "${Description}" \\(Fasse, J\\.\\) was cancelled\\.$`),
		);
		deepEqual(deeds(bed), []);
	});
}

export async function noShowRelease(bed: Bed, step: Step): Promise<void> {
	const { UltimoId } = oneReservation(bed);
	await step('as it is, nothing is cancelled', async () => {
		const run = await tryOut(bed, 'no-show-release');
		equal(run.status, 'success');
		equal(jsonOf(run, 'Free the room')[0].dryRun, true);
		deepEqual(deeds(bed), []);
	});
	await step('without Dry Run the room that nobody checked in to is freed', async () => {
		const run = await tryOut(bed, 'no-show-release', (text) => text.replace('"dryRun":true', ''));
		const [{ text }] = jsonOf(run, 'Write the message');
		match(String(text), /^C-25 was released, as nobody had checked in to .* \(Fasse, J\.\)\.$/);
		deepEqual(deeds(bed), [`cancelled ${UltimoId}`]);
	});
	await step('who has checked in keeps the room', async () => {
		bed.ultimo.reset();
		const run = await tryOut(bed, 'no-show-release', (text) =>
			text.replace('"dryRun":true', '').replace('"=false"', '"=true"'),
		);
		equal(run.data.resultData.lastNodeExecuted, 'Nobody there?');
		deepEqual(deeds(bed), []);
	});
}

export async function ultimoToCalendar(bed: Bed, step: Step): Promise<void> {
	const { UltimoId } = oneReservation(bed);
	await step('each kind of event comes to its own calendar node, with all it needs', async () => {
		const run = await tryOut(bed, 'ultimo-to-calendar');
		equal(run.status, 'success');
		const outputs = run.data.resultData.runData['What happened?'][0].data?.main ?? [];
		deepEqual(
			outputs.map((items) => items?.map(({ json }) => [json.event, json.id, json.location])),
			['created', 'updated', 'cancelled'].map((event) => [[event, `ultimo${UltimoId}`, 'C-25']]),
		);
	});
}
