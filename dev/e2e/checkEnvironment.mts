import { deepEqual, doesNotMatch, equal } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { itemsOf, listExecutions, settledExecutions } from '../n8n/execution.mts';
import { defaults, type UltimoOptions } from '../ultimo/options.mts';
import { demoSeed } from '../ultimo/seed.mts';
import { importExample, runFrom, type Bed, type Workflow } from './bed.mts';
import { ZONE } from './examples.mts';
import type { Step } from './steps.mts';

const SPACE = 'C-25';
const APPLICANT = 'ULTIMO';
const SUBJECT = 'n8n environment check, please ignore';
/** More than the requests before which it is stopped, fewer than all. */
const STOPPED_AFTER = 12;
const PATIENCE_MS = 30_000;

type Switches = Partial<UltimoOptions>;
type Answers = Record<string, string>;

/** As it is on the day two days after the 300th from now, in winter time or not. */
const offset = DateTime.utc().startOf('day').plus({ days: 302, hours: 12 }).setZone(ZONE);

/** The answers to be told of an Ultimo as it is by default. */
const usual: Answers = {
	Create: 'accepted',
	Cancel: 'accepted',
	'Names in answers': 'properties, Output is a collection',
	'An empty list': 'an empty list',
	'Status of a fresh reservation': 'Processed',
	'Create over a fresh reservation': 'refused: 1015',
	'From and Till': 'overlap',
	'A time without Z': `accepted, read in UTC${offset.toFormat('ZZ')}`,
	'An empty External ID': 'accepted',
	'Update over a taken time': 'refused: 1015',
	'Second Cancel': 'accepted',
	'Cancel of an unknown ID': 'refused: 9001',
	'Cancelled ones in lists': 'not listed',
	"An error's type": 'text',
	'A wrong API key': 'HTTP 401 MissingApiKey',
	'May the key read spaces': 'yes',
	'May the key read employees': 'yes',
	'E-mail property': 'EmailAdress',
	'Spaces on a page': '8 without top, 8 with top 1000',
	nextPageLink: 'absolute',
	'Retry-After': 'not seen: nothing was throttled',
	'Left by an earlier try': 'nothing',
	'Cleaned up': 'yes',
};

/** Switches, and what differs from the usual answers. */
const worlds: Record<string, [Switches, Answers]> = {
	'as the pages have it': [{}, {}],
	'one that forbids and says so in Dutch': [
		{
			rangeMeans: 'containment',
			includeCancelled: true,
			cancelledStatus: 'Geannuleerd',
			timeWithoutZ: 'refused',
			freshStatus: 'Requested',
			cancelAgain: { code: '1170', message: 'Already cancelled.' },
			cancelUnknown: 'success',
			emptyExternalId: 'refused',
			output: 'collectionText',
			propertiesKey: 'Properties',
			typeAsNumber: true,
			wrongKeyCode: 'InvalidApiKey',
			mayNotRead: { Employee: '403' },
		},
		{
			'Names in answers': 'Properties, Output is a collection as text',
			'Status of a fresh reservation': 'Requested',
			'From and Till': 'containment',
			'A time without Z': 'refused: 9004',
			'An empty External ID': 'refused: 9004',
			'Second Cancel': 'refused: 1170',
			'Cancel of an unknown ID': 'accepted',
			'Cancelled ones in lists': 'listed, status Geannuleerd',
			"An error's type": 'number',
			'A wrong API key': 'HTTP 401 InvalidApiKey',
			'May the key read employees': 'no (HTTP 403 NotAuthorized)',
			'E-mail property': 'neither (HTTP 403 NotAuthorized, HTTP 403 NotAuthorized)',
		},
	],
	'one that takes everything': [
		{
			rangeMeans: 'startWithin',
			includeCancelled: true,
			cancelledStatus: 'Vervallen',
			timeWithoutZ: 'utc',
			freshHolds: false,
			updateTaken: 'success',
			output: 'listText',
			emptyOutput: 'null',
			wrongKeyCode: 'MissingApikey',
			emailProperty: 'EmailAddress',
			pageSize: 5,
			largestPage: 6,
			nextPageLink: 'relative',
		},
		{
			'Names in answers': 'properties, Output is a list as text',
			'An empty list': 'Output is null',
			'Create over a fresh reservation': 'accepted',
			'From and Till': 'start within',
			'A time without Z': 'accepted, read in UTC+00:00',
			'Update over a taken time': 'accepted',
			'Cancelled ones in lists': 'listed, status Vervallen',
			'A wrong API key': 'HTTP 401 MissingApikey',
			'E-mail property': 'EmailAddress',
			'Spaces on a page': '5 without top, 6 with top 1000',
			nextPageLink: 'relative',
		},
	],
	'one far away, whose key reads little': [
		{
			rangeMeans: 'endWithin',
			zone: 'UTC-03:30',
			emptyOutput: 'missing',
			cancelAgain: 'refused',
			mayNotRead: { Space: '404' },
			hiddenProperties: ['Employee.EmailAdress'],
		},
		{
			'An empty list': 'no Output',
			'From and Till': 'end within',
			'A time without Z': 'accepted, read in UTC-03:30',
			'Second Cancel': 'refused: 9005',
			'May the key read spaces': 'no (HTTP 404 EntityNotFound)',
			'E-mail property': 'neither (HTTP 400 FilterSyntaxError, HTTP 400 FilterSyntaxError)',
			'Spaces on a page':
				'HTTP 404 EntityNotFound without top, HTTP 404 EntityNotFound with top 1000',
			nextPageLink: 'not known',
		},
	],
};

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
	const rows = itemsOf(run, 'The answers').map(({ json }) => json);
	const text = String(itemsOf(run, 'Text to paste')[0]?.json.text);
	return { answers: Object.fromEntries(rows.map((row) => [row.question, row.answer])), text };
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
		const seed = demoSeed(Date.now(), ZONE);
		ultimo.setOptions({ ...defaults, ...switches, seed });
		ultimo.reset();
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
			const { answers, text } = await report(bed);
			console.log(text.replace(/^/gm, '     '));
			deepEqual(answers, { ...usual, ...differs });
			deepEqual(uncancelled(bed), []);
			isPrivate(bed, text);
		});
	}
	await step(
		'stopped in the middle it leaves something, which the next run cleans up',
		async () => {
			become({ latencyMs: () => (ultimo.ledger.length > STOPPED_AFTER ? PATIENCE_MS : 0) });
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
			const told = { 'Left by an earlier try': `${left}, all cancelled now` };
			deepEqual(answers, { ...usual, ...told });
			deepEqual(uncancelled(bed), []);
			become({});
		},
	);
}
