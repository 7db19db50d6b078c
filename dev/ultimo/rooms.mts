import { codes, json, type Action, type Answer } from './contract.mts';
import { parseMoment } from './dates.mts';
import type { Acted } from './ledger.mts';
import { listing, withPreparation, type Span } from './listing.mts';
import type { UltimoOptions } from './options.mts';
import {
	fieldsOf,
	notModified,
	notRequested,
	Refusal,
	unlessAccepted,
	type Fields,
} from './refusal.mts';
import type { Applicant, Reservation, Seed, Space } from './seed.mts';

export interface Outcome {
	answer: Answer;
	acted: Acted;
	ultimoId: string | null;
}

const unknownReservation = new Refusal(
	codes.unknownReservation,
	`${notModified}Unknown room reservation.`,
);
const alreadyCancelled = new Refusal(
	codes.alreadyCancelled,
	`${notModified}Room reservation is cancelled.`,
);

export class Rooms {
	readonly reservations = new Map<string, Reservation>();
	spaces = new Map<string, Space>();
	applicants = new Map<string, Applicant>();
	#lastId = 0;

	constructor(private readonly options: UltimoOptions) {}

	fill(seed: Seed) {
		this.spaces = new Map(seed.spaces.map((space) => [space.id, space]));
		this.applicants = new Map(seed.applicants.map((applicant) => [applicant.id, applicant]));
		this.reservations.clear();
		this.#lastId = 0;
		for (const reservation of seed.reservations) {
			this.reservations.set(reservation.UltimoId, { ...reservation });
			this.#lastId = Math.max(this.#lastId, Number(reservation.UltimoId));
		}
	}

	act(action: Action, body: unknown): Outcome {
		try {
			const fields = fieldsOf(action, body, this.options);
			switch (action.name) {
				case 'REST_CancelReservation':
					return this.#cancel(fields);
				case 'REST_CreateReservation':
					return this.#create(fields);
				case 'REST_UpdateReservation':
					return this.#update(fields);
				case 'REST_GetReservationsForSpace':
					return this.#list(fields);
			}
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			const { message, code, status } = error;
			const type = this.options.typeAsNumber ? 3 : '3';
			return { answer: json(status, { message, type, code }), acted: null, ultimoId: null };
		}
	}

	#done(acted: Acted, ultimoId: string | null, properties: object): Outcome {
		return { answer: json(200, { [this.options.propertiesKey]: properties }), acted, ultimoId };
	}

	#cancel({ UltimoId }: Fields): Outcome {
		const { cancelUnknown, cancelAgain, clock } = this.options;
		if (!this.reservations.has(UltimoId)) {
			unlessAccepted(cancelUnknown, unknownReservation);
			return this.#done(null, null, {});
		}
		const reservation = this.#modifiable(UltimoId);
		if (reservation.status === 'Cancelled') unlessAccepted(cancelAgain, alreadyCancelled);
		reservation.status = 'Cancelled';
		reservation.cancelledAt = clock();
		return this.#done('cancelled', UltimoId, {});
	}

	#create(fields: Fields): Outcome {
		const { ExternalId, Description, SpaceId, ApplicantId } = fields;
		this.#space(SpaceId);
		if (!this.applicants.has(ApplicantId))
			throw new Refusal(codes.unknownApplicant, `${notRequested}Unknown applicant.`);
		const times = this.#times(fields);
		this.#assertFree(SpaceId, times);
		const { freshStatus: status, freshHolds: holds } = this.options;
		const UltimoId = String(++this.#lastId).padStart(11, '0');
		const texts = { UltimoId, ExternalId, Description, SpaceId, ApplicantId };
		this.reservations.set(UltimoId, { ...texts, ...times, status, ...(holds ? {} : { holds }) });
		return this.#done('created', UltimoId, { UltimoId });
	}

	#update(fields: Fields): Outcome {
		const reservation = this.#modifiable(fields.UltimoId);
		if (reservation.status === 'Cancelled') unlessAccepted('refused', alreadyCancelled);
		const times = this.#times(fields);
		if (this.options.updateTaken === 'refused')
			this.#assertFree(reservation.SpaceId, times, reservation);
		Object.assign(reservation, times);
		return this.#done('updated', reservation.UltimoId, {});
	}

	#list(fields: Fields): Outcome {
		const space = this.#space(fields.SpaceId);
		const range = { start: this.#moment(fields, 'From'), end: this.#moment(fields, 'Till') };
		const nameOf = (id: string) => this.applicants.get(id)?.name ?? '';
		const all = this.reservations.values();
		return this.#done('listed', null, listing(all, space, range, nameOf, this.options));
	}

	#space(id: string): Space {
		const space = this.spaces.get(id);
		if (!space) throw new Refusal(codes.unknownSpace, `${notRequested}Unknown space.`);
		return space;
	}

	#modifiable(id: string): Reservation {
		const reservation = this.reservations.get(id);
		if (!reservation) throw unknownReservation;
		if (reservation.end <= this.options.clock())
			throw new Refusal(codes.inThePast, `${notModified}Room reservation is in the past.`);
		return reservation;
	}

	#moment(fields: Fields, name: string): number {
		const ms = parseMoment(fields[name], this.options);
		if (Number.isNaN(ms)) throw new Refusal(codes.badField, `${name} is not a date and time.`);
		return ms;
	}

	#times(fields: Fields): Span {
		const start = this.#moment(fields, 'StartTime');
		const end = this.#moment(fields, 'EndTime');
		if (end <= start) throw new Refusal(codes.badField, 'EndTime is not after StartTime.');
		return { start, end };
	}

	#assertFree(spaceId: string, times: Span, self?: Reservation) {
		const space = this.#space(spaceId);
		const inUse = (span: Span) =>
			this.options.preparationHolds ? withPreparation(span, space) : span;
		const asked = inUse(times);
		for (const other of this.reservations.values()) {
			const holds = other.status !== 'Cancelled' && other.holds !== false;
			if (other === self || other.SpaceId !== spaceId || !holds) continue;
			const { start, end } = inUse(other);
			if (start < asked.end && end > asked.start)
				throw new Refusal(codes.roomTaken, `${notRequested}${space.name} is not available.`);
		}
	}
}
