import { markdown } from '../../markdown.mts';
import type { Account } from '../account.mts';

/** Waiting for the quota and telling processes apart cost time; more than this is a fault. */
const SLOWEST = 2;
const QUOTA = 100;
const WINDOW_SECONDS = 10;

export interface Row extends Account {
	run: string;
	/** The least that the quota allows, from the first request to the last. */
	bound: number;
	note: string;
	/** Why this breaks what the package promises; nothing if it doesn't. */
	broken: string[];
}

export interface Expectation {
	run: string;
	account: Account;
	/** Requests, unless one a reservation. */
	requests?: number;
	/** Webhook calls, each of which must have become an execution. */
	calls: number;
	/** How each execution may have ended; by default only well. */
	endings?: string[];
	/** Cancelled again by a repeat that Ultimo took for a success. */
	mayRepeat?: boolean;
	note?: string;
}

/** All that fit in one window go at once; so the last need not wait for the end of theirs. */
const boundOf = (requests: number) => Math.max(0, Math.ceil(requests / QUOTA) - 1) * WINDOW_SECONDS;

const total = (counts: Record<string, number>) =>
	Object.values(counts).reduce((sum, count) => sum + count, 0);

export function judge({
	run,
	account,
	calls,
	requests = account.reservations,
	endings = ['success'],
	mayRepeat = false,
	note = '',
}: Expectation): Row {
	const { executions, more, lies, silent, seconds } = account;
	const bound = boundOf(requests);
	const broken = [...lies, ...silent];
	if (total(executions) !== calls)
		broken.push(`${calls} calls became ${total(executions)} executions`);
	for (const status of Object.keys(executions)) {
		if (!endings.includes(status)) broken.push(`an execution is left as "${status}"`);
	}
	if (more > 0 && !mayRepeat) broken.push(`${more} were cancelled more than once`);
	if (bound > 0 && seconds > bound * SLOWEST + WINDOW_SECONDS)
		broken.push(`it took ${seconds.toFixed(0)} s, the quota's bound is ${bound} s`);
	return { ...account, run, bound, note, broken };
}

const counts = (of: Record<string, number>) =>
	Object.entries(of)
		.map(([name, count]) => `${count} ${name}`)
		.join(', ');

const COLUMNS: Array<[string, (row: Row) => string | number]> = [
	['Run', ({ run }) => run],
	['Reservations', ({ reservations }) => reservations],
	['Cancelled once', ({ once }) => once],
	['more than once', ({ more }) => more],
	['not', ({ never }) => never],
	['Executions', ({ executions }) => counts(executions)],
	['Callers saw', ({ replies }) => counts(replies)],
	['True items', ({ trueItems }) => trueItems],
	['False items', ({ lies }) => lies.length],
	['Without item', ({ untold }) => untold],
	['429s', ({ refusedForQuota }) => refusedForQuota],
	['Seconds', ({ seconds }) => seconds.toFixed(1)],
	['Bound', ({ bound }) => bound],
	[
		'What happened',
		({ note, broken }) =>
			[note, ...broken.map((text) => `BROKEN: ${text}`)].filter(Boolean).join('; '),
	],
];

export const toMarkdown = (rows: Row[]) =>
	markdown(
		rows.map((row) => Object.fromEntries(COLUMNS.map(([title, cell]) => [title, cell(row)]))),
	);
