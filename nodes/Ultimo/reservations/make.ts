import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type NodeApiError,
} from 'n8n-workflow';

import { apiError } from '../transport/errors';
import { askUltimo } from '../transport/request';
import type { Session } from '../transport/session';
import type { Reservation } from './list';
import { isSame, look, meets, tell } from './space';

const TAKEN = '1015';
/** The status that Ultimo's pages show; whether others, such as cancelled ones, hold a space is unknown. */
const PROCESSED = /^processed$/i;
const LOOKS = 3;
/** What is under way in Ultimo when its answer gets lost has this long to be done before each look. */
const WAIT_MS = 2_000;

/**
 * Makes a reservation, once.
 * @returns its UltimoId
 * @throws NodeApiError
 */
export async function makeReservation(
	this: IExecuteFunctions,
	session: Session,
	body: IDataObject,
	itemIndex: number,
): Promise<string> {
	const before = session.lostBefore.get(itemIndex);
	let id: string;
	try {
		if (before) throw apiError(this.getNode(), before, itemIndex);
		id = await ask.call(this, session, body, itemIndex);
	} catch (thrown) {
		const error = thrown as NodeApiError;
		if (error.context.outcome !== 'unknown') throw error;
		// From here on the look into Ultimo tells, not what was lost.
		session.lostBefore.delete(itemIndex);
		id = await resolve.call(this, session, body, itemIndex, error);
	}
	session.made.add(id);
	return id;
}

async function ask(
	this: IExecuteFunctions,
	session: Session,
	body: IDataObject,
	itemIndex: number,
): Promise<string> {
	const { UltimoId } = await askUltimo.call(
		this,
		session,
		{ action: 'REST_CreateReservation', body, repeatable: false, done: 'made' },
		itemIndex,
	);
	if (typeof UltimoId === 'string' && UltimoId.trim() !== '') return UltimoId;
	const error = new NodeOperationError(this.getNode(), 'Ultimo did not say the UltimoId', {
		itemIndex,
	});
	Object.assign(error.context, { outcome: 'unknown', answered: true });
	throw error;
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
async function resolve(
	this: IExecuteFunctions,
	session: Session,
	body: IDataObject,
	itemIndex: number,
	lost: NodeApiError,
): Promise<string> {
	const zone = this.getTimezone();
	const notes: string[] = [];
	const giveUp = () => {
		lost.description = [lost.description, ...notes].filter(Boolean).join(' ');
		return lost;
	};
	let taken = false;
	for (let looks = 1; ; looks++) {
		await session.stop.cutShort(session.gate.clock.sleep(WAIT_MS * looks));
		let seen: Reservation[];
		try {
			seen = await look.call(this, session, body, itemIndex);
		} catch (thrown) {
			const { message, context } = thrown as NodeApiError;
			const { outcome, httpStatus } = context;
			const isHopeless = outcome === 'notSent' || httpStatus === 401 || httpStatus === 403;
			if (!isHopeless && looks < LOOKS) continue;
			notes.push(`Looking for it in Ultimo failed: ${message}.`);
			throw giveUp();
		}
		const same = seen.filter((one) => isSame(one, body) && !session.made.has(one.id));
		const sure = same.find(({ item }) => PROCESSED.test(String(item.Status)));
		const ours = sure ?? (taken ? same.at(-1) : undefined);
		if (ours) return ours.id;

		// Whether preparation and cleanup may overlap is for Ultimo to say, so they don't count here.
		const held = seen.some((one) => meets(one, body) && PROCESSED.test(String(one.item.Status)));
		if (taken || held || looks === LOOKS || lost.context.answered) {
			notes.push(
				seen.length > 0
					? `This reservation is not in Ultimo's list, but at that time there is ${tell(seen, zone)}.`
					: "Neither this reservation nor another is in Ultimo's list at that time.",
			);
			throw giveUp();
		}
		try {
			return await ask.call(this, session, body, itemIndex);
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
	this: IExecuteFunctions,
	session: Session,
	body: IDataObject,
	itemIndex: number,
	refusal: NodeApiError,
): Promise<void> {
	if (refusal.context.code !== TAKEN || refusal.context.outcome !== 'refused') return;
	const seen = await look.call(this, session, body, itemIndex).catch(() => []);
	if (seen.length === 0) return;
	const before = seen.some((one) => isSame(one, body))
		? ' It is the same as the one asked for, so it was probably made before.'
		: '';
	refusal.description = `${refusal.description ?? ''} Ultimo has at that time ${tell(seen, this.getTimezone())}.${before}`;
}
