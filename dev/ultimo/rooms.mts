import { codes, json, type Action, type Answer } from './contract.mts';
import { parseMoment, printed } from './dates.mts';
import type { Acted } from './ledger.mts';
import type { UltimoOptions } from './options.mts';
import type { Applicant, Reservation, Seed, Space } from './seed.mts';

export interface Outcome {
	answer: Answer;
	acted: Acted;
	ultimoId: string | null;
}

type Fields = Record<string, string>;

/** A refusal on its way out of an action: nothing was done. */
class Refusal extends Error {
	constructor(
		readonly code: string,
		message: string,
		readonly status = 400,
	) {
		super(message);
	}
}

const notModified = 'Room reservation cannot be modified.\r\nCause: ';
const notRequested = 'Room reservation cannot be requested or processed.\r\nCause: ';

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
			const fields = this.#fields(action, body);
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

	#fields(action: Action, body: unknown): Fields {
		const given = (typeof body === 'object' && body !== null ? body : {}) as Record<
			string,
			unknown
		>;
		for (const name of action.fields) {
			const value = given[name];
			// The vendor's page itself leaves ExternalId empty for trying out.
			const missing = value === undefined || (value === '' && name !== 'ExternalId');
			if (missing) throw new Refusal(codes.badField, `${name} is required.`);
			if (typeof value !== 'string') throw new Refusal(codes.badField, `${name} is not text.`);
		}
		const fields = given as Fields;
		const { refuse } = this.options;
		if (action.fields.includes('UltimoId') && Object.hasOwn(refuse, fields.UltimoId)) {
			const { code, message, status } = refuse[fields.UltimoId];
			throw new Refusal(code, message, status);
		}
		return fields;
	}

	#cancel({ UltimoId }: Fields): Outcome {
		const reservation = this.#modifiable(UltimoId);
		if (reservation.status === 'Cancelled' && this.options.cancelAgain === 'refused')
			throw new Refusal(codes.alreadyCancelled, `${notModified}Room reservation is cancelled.`);
		reservation.status = 'Cancelled';
		reservation.cancelledAt = this.options.clock();
		return this.#done('cancelled', UltimoId, {});
	}

	#create(fields: Fields): Outcome {
		const { ExternalId, Description, SpaceId, ApplicantId } = fields;
		this.#space(SpaceId);
		if (!this.applicants.has(ApplicantId))
			throw new Refusal(codes.unknownApplicant, `${notRequested}Unknown applicant.`);
		const times = this.#times(fields);
		this.#assertFree(SpaceId, times);
		const UltimoId = String(++this.#lastId).padStart(11, '0');
		const texts = { UltimoId, ExternalId, Description, SpaceId, ApplicantId };
		this.reservations.set(UltimoId, { ...texts, ...times, status: 'Processed' });
		return this.#done('created', UltimoId, { UltimoId });
	}

	#update(fields: Fields): Outcome {
		const reservation = this.#modifiable(fields.UltimoId);
		if (reservation.status === 'Cancelled')
			throw new Refusal(codes.alreadyCancelled, `${notModified}Room reservation is cancelled.`);
		const times = this.#times(fields);
		this.#assertFree(reservation.SpaceId, times, reservation);
		Object.assign(reservation, times);
		return this.#done('updated', reservation.UltimoId, {});
	}

	#list(fields: Fields): Outcome {
		const { SpaceId } = fields;
		const { includeCancelled, rangeMeans, maxPerGet, outputAsText } = this.options;
		this.#space(SpaceId);
		const from = this.#moment(fields, 'From');
		const till = this.#moment(fields, 'Till');
		const collection = [...this.reservations.values()]
			.filter(
				({ SpaceId: id, start, end, status }) =>
					id === SpaceId &&
					(includeCancelled || status !== 'Cancelled') &&
					(rangeMeans === 'overlap' ? start < till && end > from : start >= from && end <= till),
			)
			.sort((one, other) => one.start - other.start)
			.slice(0, maxPerGet)
			.map((reservation) => this.#element(reservation));
		const Output = outputAsText ? JSON.stringify({ collection }) : { collection };
		return this.#done('listed', null, { Output });
	}

	#element({ UltimoId, Description, SpaceId, ApplicantId, start, end, status }: Reservation) {
		const { preparationMinutes = 0, cleanupMinutes = 0 } = this.#space(SpaceId);
		const print = (ms: number) => printed(ms, this.options.utcOffset);
		return {
			UltimoId,
			Description,
			ApplicantId,
			ApplicantName: this.applicants.get(ApplicantId)?.name ?? '',
			StartTime: print(start),
			EndTime: print(end),
			StartTimeIncludingPreparationTime: print(start - preparationMinutes * 60_000),
			EndTimeIncludingCleanupTime: print(end + cleanupMinutes * 60_000),
			Status: status,
		};
	}

	#space(id: string): Space {
		const space = this.spaces.get(id);
		if (!space) throw new Refusal(codes.unknownSpace, `${notRequested}Unknown space.`);
		return space;
	}

	#modifiable(id: string): Reservation {
		const reservation = this.reservations.get(id);
		if (!reservation)
			throw new Refusal(codes.unknownReservation, `${notModified}Unknown room reservation.`);
		if (reservation.end <= this.options.clock())
			throw new Refusal(codes.inThePast, `${notModified}Room reservation is in the past.`);
		return reservation;
	}

	#moment(fields: Fields, name: string): number {
		const ms = parseMoment(fields[name], this.options.utcOffset);
		if (Number.isNaN(ms)) throw new Refusal(codes.badField, `${name} is not a date and time.`);
		return ms;
	}

	#times(fields: Fields) {
		const start = this.#moment(fields, 'StartTime');
		const end = this.#moment(fields, 'EndTime');
		if (end <= start) throw new Refusal(codes.badField, 'EndTime is not after StartTime.');
		return { start, end };
	}

	#assertFree(spaceId: string, times: { start: number; end: number }, self?: Reservation) {
		for (const other of this.reservations.values())
			if (
				other !== self &&
				other.SpaceId === spaceId &&
				other.status !== 'Cancelled' &&
				other.start < times.end &&
				other.end > times.start
			)
				throw new Refusal(
					codes.roomTaken,
					`${notRequested}${this.#space(spaceId).name} is not available.`,
				);
	}
}
