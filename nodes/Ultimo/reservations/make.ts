import type { IDataObject, NodeApiError } from 'n8n-workflow';

import { LOOK_IN_ULTIMO, TAKEN } from '../transport/codes';
import type { Ultimo } from '../transport/request';
import { isCancelled, isProcessed, type Reservation } from './list';
import { ownOf } from './own';
import { isSame, look, meets, tell, WAIT_MS } from './space';

const LOOKS = 3;

/**
 * Makes a reservation, once.
 * @param seen what was there just before, where that was looked at
 * @returns its UltimoId
 * @throws NodeApiError
 */
export async function makeReservation(
	ultimo: Ultimo,
	body: IDataObject,
	seen?: Reservation[],
): Promise<string> {
	const { lostBefore } = ultimo;
	const own = ownOf(ultimo.run);
	const looksBefore = !lostBefore && !seen && own.isShaky;
	const before = looksBefore ? await lookBefore(ultimo, body) : seen && idsOf(seen);
	own.begin(body, lostBefore !== undefined);
	try {
		const id = lostBefore
			? await resolve(ultimo, body, ultimo.error(lostBefore))
			: await ask(ultimo, body).catch((thrown) => resolve(ultimo, body, thrown, before));
		own.add(id);
		own.end(body);
		return id;
	} catch (thrown) {
		const error = thrown as NodeApiError;
		if (error.context.outcome !== 'unknown') own.end(body);
		throw error;
	}
}

async function ask(ultimo: Ultimo, body: IDataObject): Promise<string> {
	const { UltimoId } = await ultimo.ask('REST_CreateReservation', body);
	if (typeof UltimoId === 'string' && UltimoId.trim() !== '') return UltimoId;
	throw ultimo.error({
		outcome: 'unknown',
		message: 'Ultimo did not say the UltimoId',
		advice: LOOK_IN_ULTIMO,
		answered: true,
	});
}

/**
 * What is there before a Create, so that one whose answer gets lost can be told from older ones that
 * look the same. In ordinary times that would double the requests for nothing.
 * @returns UltimoIds; nothing where Ultimo does not list
 * @throws NodeApiError when Ultimo can't be reached at the moment: nothing was sent
 */
async function lookBefore(ultimo: Ultimo, body: IDataObject): Promise<Set<string> | undefined> {
	try {
		return idsOf(await look(ultimo, body));
	} catch (thrown) {
		const error = thrown as NodeApiError;
		const { context } = error;
		if (context.httpStatus !== undefined || ultimo.run.closed.has('REST_GetReservationsForSpace')) {
			return undefined;
		}
		if (context.outcome === 'unknown') {
			context.outcome = 'notSent';
			error.description =
				'Answers got lost before, so the space was looked at first. Run it again later.';
		}
		throw error;
	}
}

/**
 * Finds out what became of a reservation when the answer was lost.
 *
 * Ours is what looks like it, was not there before, and can be no other's. Nothing that holds the
 * space, nor anything of a status that we don't know, which may come to hold it: then it is asked for
 * again. That is safe even when the first request is still being carried out behind our back: the
 * second is then refused with 1015, and the next look finds the first.
 *
 * @param before UltimoIds that were there before it was first asked for, where that is known
 * @throws NodeApiError of the request, with what was seen
 */
async function resolve(
	ultimo: Ultimo,
	body: IDataObject,
	lost: NodeApiError,
	before?: Set<string>,
): Promise<string> {
	if (lost.context.outcome !== 'unknown') throw lost;
	const own = ownOf(ultimo.run);
	own.lost();
	const giveUp = (note: string) => {
		lost.description = [lost.description, note].filter(Boolean).join(' ');
		return lost;
	};
	let older = before;
	let taken = false;
	let { answered } = lost.context;
	for (let looks = 1; ; looks++) {
		await ultimo.pause(WAIT_MS * looks);
		let seen: Reservation[];
		try {
			seen = await look(ultimo, body);
		} catch (thrown) {
			const { message, context } = thrown as NodeApiError;
			const { outcome, httpStatus } = context;
			const isHopeless = outcome === 'notSent' || httpStatus === 401 || httpStatus === 403;
			if (!isHopeless && looks < LOOKS) continue;
			throw giveUp(`Looking for it in Ultimo failed: ${message}.`);
		}
		const held = seen.filter((one) => !isCancelled(one));
		const alike = held.filter(
			(one) => isSame(one, body) && !own.has(one.id) && !older?.has(one.id),
		);
		// After "done" without an UltimoId it is there, and Ultimo reserves no space twice.
		const isNew = older !== undefined || (answered && alike.every(isProcessed));
		if (alike.length === 1 && isNew && !own.hasTwin(body)) return alike[0].id;
		if (alike.length > 0) {
			throw giveUp(
				`Ultimo has ${tell(alike, ultimo.zone)}: the one asked for, or another that looks the same.`,
			);
		}

		// Whether preparation and cleanup may overlap is for Ultimo to say, so they don't count here.
		const isHeld = held.some((one) => meets(one, body));
		if (taken || isHeld || looks === LOOKS || answered) {
			throw giveUp(
				seen.length > 0
					? `This reservation is not in Ultimo's list, but at that time there is ${tell(seen, ultimo.zone)}.`
					: "Neither this reservation nor another is in Ultimo's list at that time.",
			);
		}
		older ??= idsOf(seen);
		try {
			return await ask(ultimo, body);
		} catch (thrown) {
			const { message, context } = thrown as NodeApiError;
			taken = context.code === TAKEN;
			answered = context.answered;
			if (taken || context.outcome === 'unknown') continue;
			throw giveUp(`The space seemed free, and it was asked for again: ${message}.`);
		}
	}
}

function idsOf(some: Reservation[]): Set<string> {
	return new Set(some.map(({ id }) => id));
}
