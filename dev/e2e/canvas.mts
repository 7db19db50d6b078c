import { deepEqual, equal } from 'node:assert/strict';
import { anew, importReady, requests, WEBHOOK_KEY } from './bed.mts';
import type { Browsing } from './browser.mts';
import type { Step } from './steps.mts';

export async function examplesOnTheCanvas({ bed, editor, screenshot }: Browsing, step: Step) {
	// The model's credential is for the builder to choose.
	const missing = {
		'agent-books-room': 1,
		'book-first-free': 0,
		'calendar-sync': 0,
		'check-environment': 0,
		'free-room': 0,
		'nightly-cleanup': 0,
		'no-show-release': 0,
		'room-cancelled': 0,
		'ultimo-to-calendar': 0,
	};
	for (const [name, issues] of Object.entries(missing)) {
		await step(`${name}.json is opened, with every node known and filled in`, async () => {
			const { id, nodes } = await importReady(bed, `${name}.json`);
			await editor.open(id);
			for (const node of nodes.filter(({ type }) => !type.endsWith('.stickyNote')))
				await editor.canvasNode(node.name).first().waitFor();
			equal(await editor.get('node-not-installed').count(), 0);
			equal(await editor.get('node-issues').count(), issues);
			await editor.get('zoom-to-fit').click();
			await screenshot(`example-${name}`);
		});
	}
}

/** Only for a node that has not run yet does n8n show what its schema says. */
export async function fieldsBeforeARun({ bed, editor }: Browsing, step: Step) {
	await step('the node after "Reserve the room" shows which fields it will get', async () => {
		await editor.open((await importReady(bed, 'calendar-sync.json')).id);
		await editor.openNode('Remember the pair');
		// Until n8n has loaded the schemas, the list has its own variables, open; then these fold up.
		const fields = editor.page.locator('[data-value^="{{ $json."]');
		const names =
			'ApplicantId Description EndTime ExternalId SpaceId StartTime UltimoId created'.split(' ');
		await fields.nth(names.length - 1).waitFor();
		// The list recycles its elements, so that they stand in the page in any order.
		deepEqual((await fields.allInnerTexts()).sort(), names);
		await editor.closeNode();
	});
}

/** Builders try a workflow like this: the editor waits for one call of the webhook's test address. */
export async function leaverOnTheCanvas({ bed, editor, screenshot }: Browsing, step: Step) {
	anew(bed);
	const enabled = await step('the example is opened', async () => {
		const { id, nodes } = await importReady(bed, 'leaver-free-rooms.json');
		await editor.open(id);
		return nodes.filter(({ type, disabled }) => !disabled && !type.endsWith('.stickyNote')).length;
	});
	await step('"Execute workflow" waits for HR, who call', async () => {
		await editor.get('execute-workflow-button').click();
		await editor.get('stop-execution-waiting-for-webhook-button').waitFor();
		const response = await fetch(`${bed.url}/webhook-test/ultimo-employee-leaves`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', [WEBHOOK_KEY.name]: WEBHOOK_KEY.value },
			body: JSON.stringify({ email: 'm.bakker@example.com', lastDay: '2020-01-01' }),
		});
		equal(response.status, 200);
		equal((await response.json()).reservations.length, requests(bed).Cancel);
	});
	await step('every node on the canvas is green', async () => {
		const green = editor.get('canvas-node-status-success');
		await green.nth(enabled - 1).waitFor();
		equal(await green.count(), enabled);
		// The lines between the nodes follow a moment later, each with its count.
		await editor.page
			.getByText(/^\d+ items?$/)
			.nth(enabled - 2)
			.waitFor();
		await editor.get('execute-workflow-button').getByText('Execute workflow').waitFor();
		await editor.get('zoom-to-fit').click();
		await screenshot('example-leaver-free-rooms');
	});
}
