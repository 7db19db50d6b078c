import { printed } from './dates.mts';
import type { UltimoOptions } from './options.mts';
import type { Reservation, Space } from './seed.mts';

/** In ms. */
export interface Span {
	start: number;
	end: number;
}

/** As long as the space is in use, before and after included. */
export const withPreparation = (span: Span, space: Space): Span => ({
	start: span.start - (space.preparationMinutes ?? 0) * 60_000,
	end: span.end + (space.cleanupMinutes ?? 0) * 60_000,
});

const inRange: Record<UltimoOptions['rangeMeans'], (one: Span, range: Span) => boolean> = {
	overlap: ({ start, end }, range) => start < range.end && end > range.start,
	containment: ({ start, end }, range) => start >= range.start && end <= range.end,
	startWithin: ({ start }, range) => start >= range.start && start < range.end,
	endWithin: ({ end }, range) => end > range.start && end <= range.end,
};

/** What Get answers of a space's reservations: the properties, without their casing. */
export function listing(
	reservations: Iterable<Reservation>,
	space: Space,
	range: Span,
	nameOf: (applicantId: string) => string,
	options: UltimoOptions,
): { Output?: unknown } {
	const { includeCancelled, cancelledStatus, rangeMeans, maxPerGet, zone } = options;
	const print = (ms: number) => printed(ms, zone);

	function element(reservation: Reservation) {
		const { UltimoId, Description, ApplicantId, start, end, status } = reservation;
		const inUse = withPreparation(reservation, space);
		return {
			UltimoId,
			Description,
			ApplicantId,
			ApplicantName: nameOf(ApplicantId),
			StartTime: print(start),
			EndTime: print(end),
			StartTimeIncludingPreparationTime: print(inUse.start),
			EndTimeIncludingCleanupTime: print(inUse.end),
			Status: status === 'Cancelled' ? cancelledStatus : status,
		};
	}

	const collection = [...reservations]
		.filter(
			({ SpaceId, status }) => SpaceId === space.id && (includeCancelled || status !== 'Cancelled'),
		)
		.filter((reservation) => inRange[rangeMeans](reservation, range))
		.sort((one, other) => one.start - other.start)
		.slice(0, maxPerGet)
		.map(element);

	if (collection.length === 0 && options.emptyOutput === 'missing') return {};
	if (collection.length === 0 && options.emptyOutput === 'null') return { Output: null };
	const outputs = {
		collection: { collection },
		collectionText: JSON.stringify({ collection }),
		listText: JSON.stringify(collection),
	};
	return { Output: outputs[options.output] };
}
