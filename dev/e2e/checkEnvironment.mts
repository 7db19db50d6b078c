import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { itemsOf, listExecutions, settledExecutions } from '../n8n/execution.mts';
import { defaults } from '../ultimo/options.mts';
import { anew, type Bed, importExample, runFrom, type Workflow } from './bed.mts';
import type { Step } from './steps.mts';
import { advice, troubles, usual, worlds, type Switches } from './worlds.mts';

/** In use for some time before and after each reservation. */
const SPACE = 'A-101';
const APPLICANT = 'ULTIMO';
const SUBJECT = 'n8n environment check, please ignore';
/** More than the requests before which it is stopped, fewer than all. */
const STOPPED_AFTER = 12;
const PATIENCE_MS = 30_000;
const LISTS_CANCELLED = 'one that forbids and says so in Dutch';
const NOT_TOLD = /^(not (answered|known)|NOT KNOWN|NO,)/;

const made = ({ ultimo }: Bed) =>
	[...ultimo.reservations.values()].filter(({ Description }) => Description === SUBJECT);
const uncancelled = (bed: Bed) => made(bed).filter(({ status }) => status !== 'Cancelled');

/** What is set up as its note asks for. */
async function importAgreed(bed: Bed): Promise<Workflow> {
	const values: Record<string, unknown> = {
		...{ agreed: true, environmentUrl: bed.ultimo.url, spaceId: SPACE, applicantId: APPLICANT },
	};
	return await importExample(bed, 'check-environment.json', ({ name, parameters }) => {
		if (name !== 'Settings') return {};
		const filledIn = structuredClone(parameters) as {
			assignments: { assignments: Array<{ name: string; value: unknown }> };
		};
		for (const one of filledIn.assignments.assignments) one.value = values[one.name] ?? one.value;
		return { parameters: { ...filledIn } };
	});
}

/** The answers by question, and the text to paste. */
async function report(bed: Bed) {
	const run = await runFrom(bed, (await importAgreed(bed)).id, 'Start');
	equal(run.status, 'success', run.data.resultData.error?.message);
	const rows = itemsOf(run, 'The answers').map(({ json }) => json as Record<string, string>);
	const text = String(itemsOf(run, 'Text to paste')[0]?.json.text);
	return { rows, answers: Object.fromEntries(rows.map((row) => [row.question, row.answer])), text };
}

function isAdvised(rows: Array<Record<string, string>>): void {
	for (const { question, answer, whatTheNodeDoes } of rows) {
		match(whatTheNodeDoes, /^\S.*\.$/, question);
		doesNotMatch(whatTheNodeDoes, /undefined|null|NaN/, question);
		for (const [asked, answered, told] of advice)
			if (question === asked && answered.test(answer)) match(whatTheNodeDoes, told, question);
	}
}

function isPrivate({ ultimo }: Bed, text: string): void {
	const ids = [...ultimo.reservations.keys()].join('|');
	doesNotMatch(
		text,
		new RegExp(`${defaults.apiKey}|127\\.0\\.0\\.1|${ids}|${SPACE}\\b|ULTIMO|Fasse`),
	);
}

export async function checkEnvironment(bed: Bed, step: Step): Promise<void> {
	const { ultimo } = bed;
	const become = (switches: Switches) => {
		ultimo.setOptions({ ...defaults, ...switches });
		anew(bed);
	};
	await step('as imported it asks nothing', async () => {
		become({});
		const { id } = await importExample(bed, 'check-environment.json');
		const run = await runFrom(bed, id, 'Start');
		equal(run.data.resultData.lastNodeExecuted, 'Nothing was asked');
		equal(ultimo.ledger.length, 0);
	});
	for (const [name, [switches, differs]] of Object.entries(worlds)) {
		await step(`it tells what Ultimo does, and leaves nothing: ${name}`, async () => {
			become(switches);
			const { rows, answers, text } = await report(bed);
			isAdvised(rows);
			console.log(text.replace(/^/gm, '     '));
			deepEqual(answers, { ...usual, ...differs });
			deepEqual(uncancelled(bed), []);
			isPrivate(bed, text);
		});
	}
	for (const [name, [switches, differs]] of Object.entries(troubles)) {
		await step(
			`it tells nothing wrong, and leaves nothing without saying so: ${name}`,
			async () => {
				become(switches);
				const { answers } = await report(bed);
				const expected = { ...usual, ...differs };
				const told = Object.entries(answers).filter(([, answer]) => !NOT_TOLD.test(answer));
				console.log(`     told ${told.length} of ${Object.keys(answers).length}`);
				deepEqual(Object.keys(answers), Object.keys(usual));
				for (const [question, answer] of told) equal(answer, expected[question], question);
				if (answers['Cleaned up'] === 'yes') deepEqual(uncancelled(bed), []);
			},
		);
	}
	await step(
		'stopped in the middle it leaves something, which the next run cleans up',
		async () => {
			const [switches, differs] = worlds[LISTS_CANCELLED];
			become({
				...switches,
				latencyMs: () => (ultimo.ledger.length > STOPPED_AFTER ? PATIENCE_MS : 0),
			});
			const { id } = await importAgreed(bed);
			await bed.rest.post(`/rest/workflows/${id}/run`, { triggerToStartFrom: { name: 'Start' } });
			const until = Date.now() + PATIENCE_MS;
			while (ultimo.ledger.length <= STOPPED_AFTER && Date.now() < until) await sleep(50);
			const [{ id: execution }] = await listExecutions(bed.rest, id);
			await bed.rest.post(`/rest/executions/${execution}/stop`);
			const [{ status }] = await settledExecutions(bed.rest, id, 1, PATIENCE_MS);
			const left = uncancelled(bed).length;
			deepEqual([status, left > 0], ['canceled', true]);
			ultimo.setOptions({ latencyMs: 0 });
			const { answers } = await report(bed);
			deepEqual(answers, {
				...{ ...usual, ...differs },
				'An empty list': 'not seen: others have reserved',
				'Left by an earlier try': `${left}, all cancelled now`,
			});
			deepEqual(uncancelled(bed), []);
			become({});
		},
	);
}
