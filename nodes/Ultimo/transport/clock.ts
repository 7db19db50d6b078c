import { sleep } from 'n8n-workflow';

/** Time and chance, passed in so that tests own them. */
export interface Clock {
	/** Milliseconds that only ever go forward. */
	now(): number;
	sleep(ms: number): Promise<void>;
	/** A number from 0 to 1. */
	random(): number;
}

export const systemClock: Clock = {
	now: () => performance.now(),
	sleep,
	random: Math.random,
};
