import type { NodeApiError } from 'n8n-workflow';

import type { Run } from '../transport/run';

/** What went wrong with a poll. */
export interface Trouble {
	/** How many spaces are watched, 0 if not even that could be found out. */
	spaces: number;
	failed: NodeApiError[];
}

/** Statuses of Ultimo's quotas: what they refuse can succeed later. */
const THROTTLED = [413, 429];
const NAMED = 5;

/**
 * The error to throw for a poll that was not complete, or undefined if that may pass silently:
 * the first time in a row, and no mistake that only its builder can mend.
 */
export function errorOf(
	{ spaces, failed }: Trouble,
	{ failures, isFirst, run }: { failures: number; isFirst: boolean; run: Run },
): NodeApiError | undefined {
	const isMistake = ({ context }: NodeApiError) => {
		const { outcome, code, httpStatus } = context as Record<string, unknown>;
		if (outcome === 'refused') return !THROTTLED.includes(httpStatus as number);
		if (code === 'ENOTFOUND') return isFirst;
		// What was never sent, and not for the network, was a wrong setting.
		return outcome === 'notSent' && code === undefined && httpStatus === undefined;
	};
	const [closed] = run.closed.values();
	const mistake = closed ? failed[0] : failed.find(isMistake);
	if (!mistake && failures < 2) return undefined;

	const error = mistake ?? failed[0];
	const ids = failed.map(({ context }) => context.SpaceId).filter(Boolean);
	const named = ids.slice(0, NAMED).join(', ') + (ids.length > NAMED ? ', …' : '');
	const where = `${ids.length} of ${spaces} spaces could not be listed: ${named}.`;
	const again = `The last ${failures} polls failed; until one succeeds, nothing is told as cancelled.`;
	error.description = [error.description, ids.length > 0 && where, !mistake && again]
		.filter(Boolean)
		.join(' ');
	const isKey = closed?.httpStatus === 401;
	const cause = isKey
		? 'credential-invalid'
		: closed
			? 'configuration-invalid'
			: 'temporarily-unavailable';
	// By this n8n's durable pollers know how long to pause.
	return Object.assign(error, { failure: { cause } });
}
