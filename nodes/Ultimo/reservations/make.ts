import type { IDataObject, NodeApiError } from 'n8n-workflow';

import { LOOK_IN_ULTIMO, TAKEN } from '../transport/codes';
import type { Ultimo } from '../transport/request';
import { perRun } from '../transport/run';
import { isProcessed, type Reservation } from './list';
import { isSame, look, meets, tell } from './space';

const LOOKS = 3;
/** What is under way in Ultimo when its answer gets lost has this long to be done before each look. */
const WAIT_MS = 2_000;

/** UltimoIds that a run has made; they are no answer to its other items. */
export const madeBy = perRun(() => new Set<string>());

/**
 * Makes a reservation, once.
 * @returns its UltimoId
 * @throws NodeApiError
 */
export async function makeReservation(ultimo: Ultimo, body: IDataObject): Promise<string> {
	const { lostBefore } = ultimo;
	let id: string;
	try {
		if (lostBefore) throw ultimo.error(lostBefore);
		id = await ask(ultimo, body);
	} catch (thrown) {
		const error = thrown as NodeApiError;
		if (error.context.outcome !== 'unknown') throw error;
		id = await resolve(ultimo, body, error);
	}
	madeBy(ultimo.run).add(id);
	return id;
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
 * Finds out what became of a reservation when the answer was lost.
 *
 * One with the same space, times, applicant and description is the one asked for, since Ultimo does
 * not reserve a space twice. If the space seems free it is asked for again. That is safe even when
 * the first request is still being carried out behind our back: the second is then refused with
 * 1015, and the next look finds the first. The same refusal tells whether a reservation that looks
 * alike, but has a status we don't know, holds the space or was cancelled long ago.
 */
async function resolve(ultimo: Ultimo, body: IDataObject, lost: NodeApiError): Promise<string> {
	const made = madeBy(ultimo.run);
	const notes: string[] = [];
	const giveUp = () => {
		lost.description = [lost.description, ...notes].filter(Boolean).join(' ');
		return lost;
	};
	let taken = false;
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
			notes.push(`Looking for it in Ultimo failed: ${message}.`);
			throw giveUp();
		}
		const same = seen.filter((one) => isSame(one, body) && !made.has(one.id));
		const sure = same.find(isProcessed);
		const ours = sure ?? (taken ? same.at(-1) : undefined);
		if (ours) return ours.id;

		// Whether preparation and cleanup may overlap is for Ultimo to say, so they don't count here.
		const held = seen.some((one) => meets(one, body) && isProcessed(one));
		if (taken || held || looks === LOOKS || lost.context.answered) {
			notes.push(
				seen.length > 0
					? `This reservation is not in Ultimo's list, but at that time there is ${tell(seen, ultimo.zone)}.`
					: "Neither this reservation nor another is in Ultimo's list at that time.",
			);
			throw giveUp();
		}
		try {
			return await ask(ultimo, body);
		} catch (thrown) {
			const { message, context } = thrown as NodeApiError;
			taken = context.code === TAKEN;
			if (taken || context.outcome === 'unknown') continue;
			notes.push(`The space seemed free, and it was asked for again: ${message}.`);
			throw giveUp();
		}
	}
}

/** Adds who has the space to Ultimo's refusal; nothing, if a look can't tell. */
export async function tellWhoHasIt(
	ultimo: Ultimo,
	bodyOf: () => Promise<IDataObject>,
	refusal: NodeApiError,
): Promise<void> {
	if (refusal.context.code !== TAKEN || refusal.context.outcome !== 'refused') return;
	const body = await bodyOf();
	const seen = await look(ultimo, body).catch(() => []);
	if (seen.length === 0) return;
	const before = seen.some((one) => isSame(one, body))
		? ' It is the same as the one asked for, so it was probably made before.'
		: '';
	refusal.description = `${refusal.description ?? ''} Ultimo has at that time ${tell(seen, ultimo.zone)}.${before}`;
}
