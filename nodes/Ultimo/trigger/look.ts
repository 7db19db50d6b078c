import type { IDataObject, NodeApiError } from 'n8n-workflow';

import { eachSpace } from '../objects/eachSpace';
import type { Space } from '../objects/spaces';
import { listReservations, type Reservation } from '../reservations/list';
import { text } from '../transport/answer';
import { isVerdict } from '../transport/codes';
import type { Ultimo } from '../transport/request';
import { suspects, type Details, type Look, type Seen } from './changes';
import { shortened, type Picture } from './picture';
import { beyond, windowOf } from './window';

/** What Ultimo listed at one poll. */
export interface Sight {
	/** By space. */
	looks: Map<string, Look>;
	/** Ultimo's own items, by {@link placeOf}. */
	items: Map<string, IDataObject>;
	/** Errors of spaces, whose `context.SpaceId` names the space. */
	failed: NodeApiError[];
}

/**
 * Lists all spaces, and those again, farther ahead, that lack what would be told as cancelled.
 * @param isTimeLeft asked before each space
 */
export async function lookAt(
	ultimo: Ultimo,
	spaces: string[],
	last: Picture,
	{ now, lookAheadMs }: { now: number; lookAheadMs: number },
	isTimeLeft: () => boolean,
): Promise<Sight> {
	const sight: Sight = { looks: new Map(), items: new Map(), failed: [] };
	const list = async (SpaceId: string, window: [number, number]): Promise<Seen[]> => {
		if (!isTimeLeft()) throw ultimo.error(NO_TIME);
		const found = (await listReservations(ultimo, SpaceId, window)).filter(hasId);
		for (const { id, item } of found) sight.items.set(placeOf(id, SpaceId), item);
		return found.map((one) => seenIn(SpaceId, one));
	};
	const each = async (some: string[], look: (SpaceId: string) => Promise<Look>) => {
		const keep = async ({ SpaceId }: Space) => {
			sight.looks.set(SpaceId, await look(SpaceId));
			return [];
		};
		const spaces = some.map((SpaceId) => ({ SpaceId }));
		await eachSpace(ultimo, spaces, Infinity, keep, (error) => {
			const { outcome, code, SpaceId } = error.context as Record<string, string>;
			const saysNo = outcome === 'refused' && isVerdict(code);
			sight.looks.set(SpaceId, saysNo ? 'refused' : 'failed');
			sight.failed.push(error);
		});
	};

	// Who waits the longest comes first, in case the time runs out.
	const waits = (space: string) => last.windows.get(space)?.[1] ?? 0;
	const inTurn = [...spaces].sort((one, other) => waits(one) - waits(other));
	await each(inTurn, async (SpaceId) => {
		const [from, till] = windowOf(last, SpaceId, { now, lookAheadMs });
		return { from, till, found: await list(SpaceId, [from, till]) };
	});
	await each([...suspects(last, sight.looks)], async (SpaceId) => {
		const look = sight.looks.get(SpaceId) as Exclude<Look, string>;
		return { ...look, found: [...look.found, ...(await list(SpaceId, beyond(look.till)))] };
	});
	return sight;
}

export function placeOf(id: string, space: string): string {
	return `${id}\n${space}`;
}

const NO_TIME = {
	outcome: 'notSent',
	message: 'The poll ran out of time before it came to this space',
	code: 'NoTime',
	advice: 'Poll less often, or watch fewer spaces.',
} as const;

/** What has none can't be known again. */
function hasId({ item }: Reservation): boolean {
	return text(item.UltimoId) !== undefined;
}

/** What a picture keeps of it. */
export function seenIn(space: string, { id, item, ...times }: Reservation): Seen {
	const start = Math.floor(times.start / 1000) * 1000;
	const end = Math.floor(times.end / 1000) * 1000;
	const word = (value: unknown) => shortened(text(value)?.replaceAll('\t', ' ') ?? '');
	const details: Details = {
		space,
		start,
		end,
		description: word(item.Description),
		applicant: word(item.ApplicantId),
		applicantName: word(item.ApplicantName),
		status: word(item.Status),
	};
	return { id, start, end, item: details };
}
