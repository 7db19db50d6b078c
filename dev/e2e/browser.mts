import { deepEqual, equal, match, ok } from 'node:assert/strict';
import {
	manualTrigger,
	reservationNode,
	setJson,
	splitOut,
	workflow,
	type Node,
} from '../n8n/workflow.mts';
import { defaults } from '../ultimo/options.mts';
import { inThePast } from '../ultimo/refusals.mts';
import { anew, CREDENTIAL, deeds, type Bed } from './bed.mts';
import { causesOf } from './causes.mts';
import type { Editor } from './editor.mts';
import { startStrangers } from './strangers.mts';
import type { Step } from './steps.mts';

export interface Browsing {
	bed: Bed;
	editor: Editor;
	/** For the README; writes nothing where that is not wanted. */
	screenshot(name: string): Promise<void>;
}

const NODE = 'Ultimo Reservation';
/** What builders type who have not heard of the node. */
const WORDS = [
	'cancel reservation',
	'reservations',
	'book room',
	'cancel room',
	'room booking',
	'space',
	'calendar',
	'meeting room',
];
const ids = ['00000006710', '00000006711', '00000006712'];

/** A workflow of its own for each test: one that another page has open blocks clicks. */
async function listWorkflow({ rest }: Bed, name: string, UltimoId: string[], after: Node[] = []) {
	const list = [setJson('Reservations', { UltimoId }), splitOut('One item each', 'UltimoId')];
	const content = workflow(name, [manualTrigger, ...list, ...after]);
	return (await rest.post('/rest/workflows', content)).id;
}

export async function findAndConnect({ bed, editor, screenshot }: Browsing, step: Step) {
	const get = (id: string) => editor.get(id);
	const { ultimo } = bed;
	anew(bed);
	await step('a workflow is opened', async () => {
		await editor.open(await listWorkflow(bed, 'Cancel a reservation', ids.slice(2)));
	});
	await step('what builders look for finds the node', async () => {
		await editor.addAfterLast();
		for (const words of WORDS) {
			await editor.search(words);
			await editor.found(NODE).waitFor();
		}
	});
	await step('so does "ultimo", and its actions say what they do', async () => {
		await editor.search('ultimo');
		await editor.found(NODE).click();
		for (const action of [
			'Cancel a reservation permanently',
			'Check which spaces are free',
			'Create a reservation',
			'Get many reservations',
			'Update a reservation',
			'Get many spaces',
			'Get many employees',
		])
			await editor.found(action).waitFor();
		await screenshot('find-node');
	});
	await step(
		'the action is added, and left empty takes the reservation of the step before',
		async () => {
			await editor.found('Cancel a reservation permanently').click();
			await get('ndv').waitFor();
			const placeholder = await editor.locator('reservationId').getAttribute('placeholder');
			match(placeholder ?? '', /Empty: .*UltimoId/);
		},
	);

	await step('the dialog for a new credential opens', async () => {
		await get('ndv').getByRole('button', { name: 'Connect to Ultimo' }).click();
		await get('editCredential-modal').waitFor();
		await screenshot('credential');
	});
	const strangers = await startStrangers(ultimo.url);
	try {
		for (const { title, baseUrl, apiKey = defaults.apiKey, before, after, says } of causesOf(
			ultimo,
			strangers,
		)) {
			await step(`the credential test names ${title}`, async () => {
				await before?.();
				try {
					const message = await editor.saveCredential({ baseUrl, apiKey });
					console.log(`     ${message}`);
					match(message ?? 'Connected', says);
					ok(!message?.includes(apiKey), 'the message holds the API key');
				} finally {
					after?.();
				}
				if (apiKey !== defaults.apiKey) await screenshot('credential-refused');
			}).catch(() => {});
		}
		await step(
			'it connects to that host when this is asked for, and the dialog closes',
			async () => {
				await editor.toggle('ignoreSslIssues');
				equal(await editor.saveCredential({ baseUrl: strangers.selfSigned }), undefined);
				await get('editCredential-modal').waitFor({ state: 'hidden' });
			},
		);
	} finally {
		strangers.stop();
	}
	await step(
		'opened again, it connects to Ultimo and says so; nothing was changed there',
		async () => {
			await editor.openCredential();
			await editor.toggle('ignoreSslIssues');
			equal(await editor.saveCredential({ baseUrl: ultimo.url }), undefined);
			await get('credentials-config-container-test-success').waitFor();
			await editor.closeCredential();
			deepEqual(deeds(bed), []);
		},
	);
	await pickAndExecute({ bed, editor, screenshot }, step);
}

async function pickAndExecute({ bed, editor, screenshot }: Browsing, step: Step) {
	const get = (id: string) => editor.get(id);
	const [, , picked] = ids;
	const complaint = get('rlc-error-container');
	const reservation = editor.locator('reservationId');
	await step('the list asks for a space', async () => {
		await reservation.click();
		await complaint.getByText('choose a space first').waitFor();
		await get('tab-params').click();
		await complaint.waitFor({ state: 'hidden' });
	});
	await step('of a space that Ultimo does not know, the list says so', async () => {
		await editor.mode('spaceId', 'id');
		await editor.locator('spaceId').fill('NOWHERE');
		await reservation.click();
		await complaint.getByText('Unknown space').waitFor();
		await get('tab-params').click();
		await complaint.waitFor({ state: 'hidden' });
	});
	await step('the space is picked by its name', async () => {
		await editor.mode('spaceId', 'list');
		await editor.locator('spaceId').click();
		await editor.listed('Meeting room 2').click();
		match(await editor.locator('spaceId').inputValue(), /Meeting room 2/);
	});
	await step("the list shows the space's coming reservations", async () => {
		await reservation.click();
		await editor.listed('Sprint review').waitFor();
		await screenshot('pick-from-list');
	});
	await step('a search finds one by its applicant, and it is picked', async () => {
		await get('rlc-search').filter({ visible: true }).fill('novak');
		await editor.listed('Team meeting').waitFor({ state: 'detached' });
		await editor.listed('Sprint review').click();
		match(await reservation.inputValue(), /Sprint review/);
	});
	await step('it is executed, and Ultimo cancels that one', async () => {
		bed.ultimo.ledger.length = 0;
		await editor.executeNode();
		await get('node-run-status-success').waitFor();
		deepEqual(deeds(bed), [`cancelled ${picked}`]);
	});
	await step('the output reads well as a table and as JSON', async () => {
		const table = await editor.outputAs('Table');
		await table.locator('td').getByText(picked).waitFor();
		deepEqual(await table.locator('th').allInnerTexts(), ['UltimoId', 'cancelled', '']);
		await screenshot('output');
		const json = await editor.outputAs('JSON');
		await json.getByText(picked).waitFor();
		match(await json.innerText(), new RegExp(`"${picked}"[^]*true`));
	});
	await editor.closeNode();
}

export async function failureAndErrorBranch({ bed, editor, screenshot }: Browsing, step: Step) {
	const get = (id: string) => editor.get(id);
	const [, refused] = ids;
	anew(bed, { [refused]: inThePast });
	await step('a workflow with a reservation of the past is opened', async () => {
		const node = reservationNode(NODE, { id: null, name: CREDENTIAL });
		await editor.open(await listWorkflow(bed, 'One of the past', ids, [node]));
		await editor.openNode(NODE);
	});
	await step("it fails with Ultimo's words and code, what to do, and what was done", async () => {
		await editor.executeNode();
		match(await get('node-error-message').innerText(), /Room reservation is in the past.*1166/);
		match(await get('node-error-description').innerText(), new RegExp(`past.*Done: ${ids[0]}`));
		await screenshot('failure');
	});
	await step('with the error output, the others are cancelled', async () => {
		anew(bed, { [refused]: inThePast });
		await get('tab-settings').click();
		await editor.choose('onError', 'Continue (using error output)');
		await get('tab-params').click();
		await editor.executeNode();
		await get('output-panel').getByText('Success Branch (2 items)').waitFor();
		deepEqual(
			deeds(bed).sort(),
			[ids[0], ids[2]].map((id) => `cancelled ${id}`),
		);
	});
	await step('and the error branch has the one, with the cause', async () => {
		await get('output-panel').getByText('Error Branch (1 item)').click();
		const json = await editor.outputAs('JSON');
		await json.getByText('1166').first().waitFor();
		match(await json.innerText(), new RegExp(`${refused}[^]*1166[^]*refused`));
		await screenshot('error-branch');
		await editor.closeNode();
	});
}
