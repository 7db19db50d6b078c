import type { ActionName } from './contract.mts';
import type { FaultPlan } from './faults.mts';
import type { Seed } from './seed.mts';

/** Ultimo's no. Status: 400. */
export interface Refused {
	message: string;
	code: string;
	status?: number;
}

export type EntityName = 'Employee' | 'Space';

/**
 * What a key without the entity gets, which is undocumented: 401 with a code that is not the
 * key's, 403 with a message or without, 404 as if there were no such entity.
 */
export type NoEntity = '401' | '403' | '403 empty' | '404';

/** What the maker of a key says of the REST objects. */
export interface KeyRights {
	mayNotRead: Partial<Record<EntityName, NoEntity>>;
	/** The key's own filters: what they leave out is not there for it. */
	keyFilters: Partial<Record<EntityName, string>>;
	/** Properties that the key may not read, as `Employee.ExternalId`. */
	hiddenProperties: string[];
}

export interface UltimoOptions extends KeyRights {
	/** 0 = any free one. */
	port: number;
	apiKey: string;
	/** Further keys, and in what their rights differ from those of `apiKey`. */
	otherKeys: Record<string, Partial<KeyRights>>;
	/** Of the 401 for a key that is not known. */
	wrongKeyCode: 'MissingApiKey' | 'MissingApikey' | 'InvalidApiKey';
	/** 0 = no quota. */
	requestsPerWindow: number;
	windowMs: number;
	windowKind: 'sliding' | 'fixed';
	/** Per UTC day; 0 = no quota. */
	requestsPerDay: number;
	/** Whether requests refused with 429 use up the quota as well. */
	refusedCount: boolean;
	/** The form of the Retry-After header of a 429; the vendor documents none. */
	retryAfter: 'none' | 'seconds' | 'date';
	/** Delay between a request's admission and its being carried out. */
	latencyMs: number | (() => number);
	/** By UltimoId: what to answer to Cancel and Update instead of acting. */
	refuse: Record<string, Refused>;
	faults: FaultPlan | undefined;
	/** Default: `demoSeed` of the clock's day. Taken up by `reset()`. */
	seed: Seed | undefined;
	/** Time in ms. */
	clock: () => number;
	/** A customer's own workflows: these ids take the place of the vendor's. */
	workflowIds: Partial<Record<ActionName, string>>;
	/** As IANA has it, or as 'UTC-03:30'. */
	zone: string;

	// What the vendor's pages leave open, from here on.
	maxPerGet: number;
	/** Which reservations are between Get's From and Till. */
	rangeMeans: 'overlap' | 'containment' | 'startWithin' | 'endWithin';
	/** Whether Get returns cancelled reservations. */
	includeCancelled: boolean;
	/** What Get calls a cancelled reservation. */
	cancelledStatus: string;
	/** In which zone `yyyy-MM-dd HH:mm:ss` is read. The environment's shows a client that forgot the
	 * `Z`. */
	timeWithoutZ: 'environment' | 'utc' | 'refused';
	/** The status of a reservation that was just created. */
	freshStatus: string;
	/** Whether such a one holds its space. */
	freshHolds: boolean;
	/** Whether preparation and cleanup hold the space too. */
	preparationHolds: boolean;
	/** What cancelling a cancelled reservation answers: 'refused' is the made-up code 9005. */
	cancelAgain: 'success' | 'refused' | Refused;
	/** What cancelling a reservation that never was answers: 'refused' is the made-up code 9001. */
	cancelUnknown: 'success' | 'refused' | Refused;
	/** What Update onto another reservation answers: 'refused' is 1015. */
	updateTaken: 'success' | 'refused';
	/** The vendor's page itself leaves ExternalId empty for trying out. */
	emptyExternalId: 'accepted' | 'refused';
	/** Get's Output: as documented, or JSON in a string, as customers' own workflows return it. */
	output: 'collection' | 'collectionText' | 'listText';
	/** Get's Output when there is nothing to list. */
	emptyOutput: 'same' | 'null' | 'missing';
	propertiesKey: 'properties' | 'Properties';
	/** An error's type as 3 instead of "3". */
	typeAsNumber: boolean;
	/** The vendor's page has the one, a shipped connector the other. */
	emailProperty: 'EmailAdress' | 'EmailAddress';
	/** Objects on a page of a list that was asked for without `top`. */
	pageSize: number;
	/** Objects on a page, whatever `top` says. */
	largestPage: number;
	/** Whether `top` is the length of a page or, as in OData, of the whole list. */
	topMeans: 'page' | 'all';
	/** 'elsewhere' leads out of the environment, 'same' to the page that it is on. */
	nextPageLink: 'absolute' | 'relative' | 'missing' | 'elsewhere' | 'same';
	/** Whether each `skip` gives the first page. */
	ignoreSkip: boolean;
	/** How texts are compared in a filter. */
	ignoreCase: boolean;
}

export const defaults: UltimoOptions = {
	port: 0,
	apiKey: 'demo-key',
	otherKeys: {},
	wrongKeyCode: 'MissingApiKey',
	mayNotRead: {},
	keyFilters: { Employee: 'Status ge 0' },
	hiddenProperties: [],
	requestsPerWindow: 100,
	windowMs: 10_000,
	windowKind: 'sliding',
	requestsPerDay: 10_000,
	refusedCount: false,
	retryAfter: 'none',
	latencyMs: 0,
	refuse: {},
	faults: undefined,
	seed: undefined,
	clock: Date.now,
	workflowIds: {},
	zone: 'Europe/Amsterdam',
	maxPerGet: 100,
	rangeMeans: 'overlap',
	includeCancelled: false,
	cancelledStatus: 'Cancelled',
	timeWithoutZ: 'environment',
	freshStatus: 'Processed',
	freshHolds: true,
	preparationHolds: false,
	cancelAgain: 'success',
	cancelUnknown: 'refused',
	updateTaken: 'refused',
	emptyExternalId: 'accepted',
	output: 'collection',
	emptyOutput: 'same',
	propertiesKey: 'properties',
	typeAsNumber: false,
	emailProperty: 'EmailAdress',
	pageSize: 100,
	largestPage: 1000,
	topMeans: 'page',
	nextPageLink: 'absolute',
	ignoreSkip: false,
	ignoreCase: true,
};
