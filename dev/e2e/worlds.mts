import { DateTime } from 'luxon';
import type { FaultKind } from '../ultimo/faults.mts';
import type { UltimoOptions } from '../ultimo/options.mts';
import { ZONE } from './bed.mts';

export type Switches = Partial<UltimoOptions>;
export type Answers = Record<string, string>;

/** As it is on the day two days after the 300th from now, in winter time or not. */
const offset = DateTime.utc().startOf('day').plus({ days: 302, hours: 12 }).setZone(ZONE);

/** The answers to be told of an Ultimo as it is by default. */
export const usual: Answers = {
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
	'A wrong API key': 'refused (HTTP 401 MissingApiKey)',
	'May the key read spaces': 'yes',
	'May the key read employees': 'yes',
	'E-mail property': 'EmailAdress',
	'Spaces on a page': '8 without top, 8 with top 1000',
	nextPageLink: 'absolute',
	'Retry-After': 'not seen: nothing was throttled',
	'Left by an earlier try': 'nothing',
	'Cleaned up': 'yes',
};

/** What the node is said to do, by question and answer, where the answer decides that. */
export const advice: Array<[question: string, answer: RegExp, told: RegExp]> = [
	['Create over a fresh reservation', /^refused: 1015$/, /First Free Of takes the next space/],
	['Create over a fresh reservation', /^accepted$/, /put Check Availability before Create/],
	['From and Till', /^overlap$/, /^Get Many gives what reaches into/],
	['From and Till', /^(containment|start within|end within)$/, /ask for a day more on each side/],
	['An empty External ID', /^accepted$/, /may stay empty/],
	['An empty External ID', /^refused/, /^Fill in External ID/],
	['Update over a taken time', /^accepted$/, /put Check Availability before Update/],
	['Update over a taken time', /^refused/, /stays where it was/],
	['Second Cancel', /^accepted$/, /^Cancelling twice is safe/],
	['Second Cancel', /^refused: 1170$/, /^Put 1170 into Ignore Error Codes of Cancel/],
	['Second Cancel', /^refused: 9005$/, /^Put 9005 into Ignore Error Codes of Cancel/],
	['Cancel of an unknown ID', /^accepted$/, /^A mistyped ID looks cancelled/],
	['Cancel of an unknown ID', /^refused: 9001$/, /^The item fails\. Put 9001 into/],
	['Cancelled ones in lists', /Vervallen$/, /^Tell us this status/],
	['Cancelled ones in lists', /Geannuleerd$|^not listed$/, /^The space is free again/],
	['May the key read spaces', /^yes$/, /picked from a list/],
	['May the key read employees', /^no/, /^Enter it By ID/],
	['E-mail property', /^Email/, /^By Email works/],
	['E-mail property', /^neither/, /^By Email does not work/],
];

/** Switches, and what differs from the usual answers. */
export const worlds: Record<string, [Switches, Answers]> = {
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
			nextPageLink: 'elsewhere',
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
			'A wrong API key': 'refused (HTTP 401 InvalidApiKey)',
			'May the key read employees': 'no (HTTP 403 NotAuthorized)',
			'E-mail property': 'neither: no (HTTP 403 NotAuthorized), no (HTTP 403 NotAuthorized)',
			nextPageLink: 'leads elsewhere',
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
			'A wrong API key': 'refused (HTTP 401 MissingApikey)',
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
			'E-mail property':
				'neither: no (HTTP 400 FilterSyntaxError), no (HTTP 400 FilterSyntaxError)',
			'Spaces on a page': 'not known: may not be read (HTTP 404 EntityNotFound)',
			nextPageLink: 'not known: may not be read (HTTP 404 EntityNotFound)',
		},
	],
	'one without links, where top is the length of the whole list': [
		{ nextPageLink: 'missing', topMeans: 'all', largestPage: 6 },
		{ 'Spaces on a page': '6 without top, 6 with top 1000', nextPageLink: 'none' },
	],
	// Where a link leads shows only when it is followed.
	'one whose links lead to the page that they are on': [
		{ nextPageLink: 'same', preparationHolds: true },
		{},
	],
};

const kinds: FaultKind[] = ['resetBefore', 'html502', 'resetAfter', 'error500After', 'cutJson'];
const failing = (seed: number): [Switches, Answers] => [{ faults: { seed, rate: 0.3, kinds } }, {}];

/** Of these not everything can be told. */
export const troubles: Record<string, [Switches, Answers]> = {
	'one request of three fails': failing(1),
	'others of them fail': failing(2),
	'most are throttled': [
		{ requestsPerWindow: 12, windowMs: 2_000, retryAfter: 'seconds' },
		{ 'Retry-After': 'seconds' },
	],
	'most are throttled until some date': [
		{ requestsPerWindow: 12, windowMs: 2_000, retryAfter: 'date' },
		{ 'Retry-After': 'date' },
	],
};
