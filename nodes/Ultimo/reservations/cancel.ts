import type { IDataObject, NodeApiError } from 'n8n-workflow';

import { explain, IN_THE_PAST, isVerdict } from '../transport/codes';
import { DAY_MS } from '../transport/limits';
import type { Ultimo } from '../transport/request';
import { isCancelled, isProcessed, listReservations, startOrEnd, type Reservation } from './list';
import { DAYS_AHEAD, WAIT_MS } from './space';

/**
 * Cancels a reservation. Where an answer was lost and the repeat refused, perhaps because it is
 * cancelled, the list of its space tells.
 * @param known its `SpaceId`, `StartTime` and `Status`, as far as they are known
 * @throws NodeApiError
 */
export async function cancelReservation(
	ultimo: Ultimo,
	{ UltimoId }: IDataObject,
	known: IDataObject = {},
): Promise<void> {
	try {
		await ultimo.ask('REST_CancelReservation', { UltimoId });
	} catch (thrown) {
		const error = thrown as NodeApiError;
		const code = error.context.code as string | undefined;
		if (error.context.outcome !== 'unknown' || !isVerdict(code)) throw error;
		await ultimo.pause(WAIT_MS);
		const isThere = await isStillThere(ultimo, UltimoId as string, known, code);
		// Without a status the item is not as Ultimo lists it, and may tell the space of something else.
		const isOfUltimo = known.StartTime === undefined || known.Status !== undefined;
		if (isThere === false && isOfUltimo) return;
		if (isThere) {
			error.context.outcome = 'refused';
			error.description = explain(code, error.context.httpStatus as number).advice;
		}
		throw error;
	}
}

/**
 * Whether a reservation is where it is said to be; nothing where that is not known, or can't be told.
 * Costs one request where its time is known, else as many as the coming ones of its space.
 */
export async function isFound(
	ultimo: Ultimo,
	{ UltimoId }: IDataObject,
	{ SpaceId, StartTime, EndTime }: IDataObject,
): Promise<boolean | undefined> {
	const isPicked = StartTime === undefined;
	const start = isPicked ? Date.now() : startOrEnd(StartTime, ultimo.zone);
	const last = start + DAYS_AHEAD * DAY_MS;
	const end = isPicked ? last : startOrEnd(EndTime, ultimo.zone) || start;
	const till = Math.min(last, Math.max(start, end));
	const window: [number, number] = [start - DAY_MS, till + DAY_MS];
	const found = await find(ultimo, UltimoId as string, SpaceId, window);
	return found && found !== 'gone';
}

/**
 * Whether a reservation holds its space; nothing if that can't be told. Looks as far ahead as people
 * reserve, since it may have been moved meanwhile.
 */
async function isStillThere(
	ultimo: Ultimo,
	UltimoId: string,
	{ SpaceId, StartTime, Status }: IDataObject,
	refusal: string | undefined,
): Promise<boolean | undefined> {
	const now = Date.now();
	// One that was picked has not begun, unless that was long ago.
	const picked = refusal === IN_THE_PAST ? NaN : now;
	const start = StartTime === undefined ? picked : startOrEnd(StartTime, ultimo.zone);
	const isFindable = Math.abs(start - now) < DAYS_AHEAD * DAY_MS;
	if (!isFindable) return undefined;
	const window: [number, number] = [Math.min(now, start) - DAY_MS, now + (DAYS_AHEAD + 1) * DAY_MS];
	const found = await find(ultimo, UltimoId, SpaceId, window);
	if (found === undefined) return undefined;
	if (found === 'gone') return false;
	// A status that it has since may say in any words that it is cancelled.
	return isProcessed(found) || found.item.Status === Status ? true : undefined;
}

async function find(
	ultimo: Ultimo,
	UltimoId: string,
	SpaceId: unknown,
	window: [number, number],
): Promise<Reservation | 'gone' | undefined> {
	if (typeof SpaceId !== 'string' || window.some(Number.isNaN)) return undefined;
	const whole = window.map((ms) => Math.floor(ms / 1000) * 1000) as [number, number];
	// Leading zeros are Ultimo's form of it.
	const bare = (id: string) => id.replace(/^0+/, '');
	const isIt = (one: Reservation) => bare(one.id) === bare(UltimoId) && !isCancelled(one);
	try {
		const all = await listReservations(ultimo, SpaceId.trim(), whole, (some) => some.some(isIt));
		return all.find(isIt) ?? 'gone';
	} catch {
		return undefined;
	}
}
