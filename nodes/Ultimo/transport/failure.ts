/** What a failed item says of the reservation: Ultimo said no, was never asked, or nobody knows. */
export type Outcome = 'refused' | 'notSent' | 'unknown';

/** Why a request did not succeed, in words for the builder. Of what was sent it holds values of the reservation at most. */
export interface Failure {
	outcome: Outcome;
	/** Ultimo's own words where it gave any. */
	message: string;
	/** One sentence of what to do. */
	advice: string;
	/** Ultimo's code (`1166`, `MissingApiKey`) or the network's (`ECONNREFUSED`). */
	code?: string;
	httpStatus?: number;
	/** Ultimo's quota is used up: a later repeat of the same request can succeed. */
	quota?: { retryAfterMs?: number };
	/** Every other request would fail alike: the address, certificate or key must be changed first. */
	permanent?: boolean;
	/** Ultimo did answer, so a repeat would do it twice. */
	answered?: boolean;
	/** Of an item that may have any of several spaces: the one that it is about. */
	SpaceId?: string;
}
