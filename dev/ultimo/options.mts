import type { ActionName } from './contract.mts';
import type { FaultPlan } from './faults.mts';
import type { Seed } from './seed.mts';

export interface UltimoOptions {
	/** 0 = any free one. */
	port: number;
	apiKey: string;
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
	/** By UltimoId: what to answer to Cancel and Update instead of acting. Status: 400. */
	refuse: Record<string, { message: string; code: string; status?: number }>;
	faults: FaultPlan | undefined;
	/** Default: `demoSeed` of the clock's day. Taken up by `reset()`. */
	seed: Seed | undefined;
	/** Time in ms. */
	clock: () => number;
	/** A customer's own workflows: these ids take the place of the vendor's. */
	workflowIds: Partial<Record<ActionName, string>>;
	maxPerGet: number;
	/** What Get's From and Till mean; undocumented. */
	rangeMeans: 'overlap' | 'containment';
	/** Whether Get returns cancelled reservations; undocumented. */
	includeCancelled: boolean;
	/** What cancelling a cancelled reservation answers; undocumented. */
	cancelAgain: 'success' | 'refused';
	utcOffset: string;
	/** Output as JSON in a string, as a customer's own workflows return it. */
	outputAsText: boolean;
	propertiesKey: 'properties' | 'Properties';
	/** An error's type as 3 instead of "3". */
	typeAsNumber: boolean;
}

export const defaults: UltimoOptions = {
	port: 0,
	apiKey: 'demo-key',
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
	maxPerGet: 100,
	rangeMeans: 'overlap',
	includeCancelled: false,
	cancelAgain: 'success',
	utcOffset: '+02:00',
	outputAsText: false,
	propertiesKey: 'properties',
	typeAsNumber: false,
};
