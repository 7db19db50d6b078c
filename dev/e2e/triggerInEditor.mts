import { deepEqual } from 'node:assert/strict';
import { anew, deeds } from './bed.mts';
import type { Browsing } from './browser.mts';
import type { Step } from './steps.mts';

/** As somebody does who never saw the trigger; a credential is there. */
export async function triggerInEditor(
	{ bed, editor, screenshot }: Browsing,
	step: Step,
): Promise<void> {
	const hint = editor.get('node-hint');
	anew(bed);
	await step(
		'the first step of a new workflow, searched by "ultimo", has six triggers',
		async () => {
			await editor.startNew();
			await editor.search('ultimo');
			await editor.found('Ultimo Reservation').click();
			await editor.found('On reservation updated').waitFor();
			const found = await editor.get('item-iterator-item').allInnerTexts();
			deepEqual(
				found.filter((name) => name.startsWith('On ')),
				['cancelled', 'created', 'ended', 'started', 'starting soon', 'updated'].map(
					(event) => `On reservation ${event}`,
				),
			);
		},
	);
	await step('one of them opens the node with that event chosen', async () => {
		await editor.found('On reservation starting soon').click();
		await editor.get('parameter-input-events').getByText('Reservation Starting Soon').waitFor();
		await editor.field('minutesBefore').waitFor();
	});
	await step('many spaces every minute are warned of', async () => {
		await editor.choose('spaceSelection', 'Several');
		await editor.field('spaceIds').fill('C-25, C-26, 003.0.10, 003.1.04, A-101');
		await hint.filter({ hasText: 'over half' }).waitFor();
	});
	await step('a space is picked from the list, and the cost is told', async () => {
		await editor.choose('spaceSelection', 'One');
		await editor.get('rlc-input').click();
		await editor.get('rlc-item').filter({ hasText: 'Meeting room 2' }).click();
		await hint.filter({ hasText: 'up to 1,500 of the 10,000 requests a day' }).waitFor();
	});
	await step('Fetch Test Event gives a sample at once, and changes nothing', async () => {
		await editor.executeNode();
		const table = await editor.outputAs('Table');
		await table.getByText('startingSoon').first().waitFor();
		deepEqual(deeds(bed), []);
		await screenshot('trigger');
		await editor.closeNode();
	});
}
