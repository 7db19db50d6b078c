import type { IDataObject, NodeApiError } from 'n8n-workflow';

import { TAKEN } from '../transport/codes';
import type { Ultimo } from '../transport/request';
import { isCancelled, type Reservation } from './list';
import { makeReservation } from './make';
import { ownOf } from './own';
import { isSame, look, meets, tell } from './space';

/** How many spaces an error tells of; each costs a request. */
const TOLD = 10;

/** A reservation that stands. */
export interface Reserved {
	UltimoId: string;
	SpaceId: string;
	/** Whether it was made for this request, and not there before. */
	created: boolean;
}

/**
 * Reserves the first of some spaces that is free, in their order. Only Ultimo's word that a space is
 * taken leads on to the next: behind an answer that was lost for good there may be a reservation.
 *
 * @param body what a Create asks for, but for the space
 * @param returnSame whether one that is there already will do; costs a look at each space
 * @throws NodeApiError; its `context` tells of several spaces which `SpaceId` it is about
 */
export async function reserve(
	ultimo: Ultimo,
	body: IDataObject,
	SpaceIds: string[],
	returnSame: boolean,
): Promise<Reserved> {
	const before = new Map<string, Reservation[]>();
	if (returnSame) {
		for (const SpaceId of SpaceIds) {
			const seen = await lookFirst(ultimo, { ...body, SpaceId });
			const same = sameOf(ultimo, seen, { ...body, SpaceId });
			if (same) return same;
			before.set(SpaceId, seen);
		}
	}

	// Where an earlier try lost its answer, that has to be found out, and nothing else be made.
	const lostAt = ultimo.lostBefore?.SpaceId;
	for (const SpaceId of lostAt === undefined ? SpaceIds : [lostAt]) {
		const wanted = { ...body, SpaceId };
		const seen = before.get(SpaceId);
		try {
			const UltimoId = await makeReservation(ultimo, wanted, seen);
			return { UltimoId, SpaceId, created: true };
		} catch (thrown) {
			const error = thrown as NodeApiError;
			if (SpaceIds.length > 1) error.context.SpaceId = SpaceId;
			if (!isTaken(error)) throw error;
			// Whoever made it since we looked, perhaps an execution beside this one, wanted the same.
			if (seen && !seen.some((one) => meets(one, wanted))) {
				const same = sameOf(ultimo, await look(ultimo, wanted).catch(() => []), wanted);
				if (same) return same;
			}
			if (SpaceIds.length === 1) throw error;
		}
	}
	throw ultimo.error({
		outcome: 'refused',
		code: TAKEN,
		message: `All ${SpaceIds.length} spaces are taken at that time: ${listed(SpaceIds)}`,
		advice: 'Choose another time or other spaces.',
	});
}

/** Adds who has each space to a refusal because all are taken; nothing where a look can't tell. */
export async function tellWhoHasThem(
	ultimo: Ultimo,
	bodyOf: () => Promise<IDataObject>,
	SpaceIds: string[],
	refusal: NodeApiError,
): Promise<void> {
	if (!isTaken(refusal)) return;
	const body = await bodyOf();
	const told: string[] = [];
	for (const SpaceId of SpaceIds.slice(0, TOLD)) {
		const wanted = { ...body, SpaceId };
		const seen = await look(ultimo, wanted).catch(() => []);
		if (seen.length === 0) continue;
		const where = SpaceIds.length > 1 ? `In ${SpaceId} ` : '';
		const before = seen.some((one) => !isCancelled(one) && isSame(one, wanted))
			? ' It is the same as the one asked for, so it was probably made before; the option If Already Reserved can return it.'
			: '';
		told.push(`${where}Ultimo has at that time ${tell(seen, ultimo.zone)}.${before}`);
	}
	refusal.description = [refusal.description, ...told].filter(Boolean).join(' ');
}

function isTaken({ context }: NodeApiError): boolean {
	return context.code === TAKEN && context.outcome === 'refused';
}

/** @throws NodeApiError that says that nothing was sent, or what an earlier try has lost */
async function lookFirst(ultimo: Ultimo, wanted: IDataObject): Promise<Reservation[]> {
	try {
		return await look(ultimo, wanted);
	} catch (thrown) {
		if (ultimo.lostBefore) throw ultimo.error(ultimo.lostBefore);
		const error = thrown as NodeApiError;
		if (error.context.outcome === 'unknown') error.description = 'Run it again.';
		error.context.outcome = 'notSent';
		error.description = `Whether ${String(wanted.SpaceId)} is reserved already could not be looked up, so nothing was made. ${error.description ?? ''}`;
		throw error;
	}
}

function sameOf(ultimo: Ultimo, seen: Reservation[], wanted: IDataObject): Reserved | undefined {
	const same = seen.find((one) => !isCancelled(one) && isSame(one, wanted));
	if (!same) return undefined;
	const own = ownOf(ultimo.run);
	own.add(same.id);
	own.end(wanted);
	return { UltimoId: same.id, SpaceId: wanted.SpaceId as string, created: false };
}

function listed(SpaceIds: string[]): string {
	const more = SpaceIds.length - TOLD;
	return `${SpaceIds.slice(0, TOLD).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
