import { RESERVATIONS_PER_ANSWER } from '../transport/limits';
import type { Run } from '../transport/run';
import type { Found } from './sweep';

/** Shorter lists are not cut off: no service gives as few. */
const SHORT = 20;

/**
 * After how many reservations a company's Ultimo cuts its lists off. Its pages don't say. Until one
 * came of the length that others report, a list that is longer than those known to be whole is
 * therefore asked for again in two halves.
 */
class Cut {
	/** As many as this may be not all. */
	most = RESERVATIONS_PER_ANSWER;

	/** As many as this are all. */
	private whole = SHORT;

	/** The same lists; `most` is the length of one that was cut off. */
	checked<T>(get: (from: number, till: number) => Promise<Array<Found<T>>>): typeof get {
		return async (from, till) => {
			const answer = await get(from, till);
			const { length } = answer;
			if (length > this.most) this.most = RESERVATIONS_PER_ANSWER;
			if (length >= RESERVATIONS_PER_ANSWER) this.whole = RESERVATIONS_PER_ANSWER - 1;
			if (length <= this.whole || length >= this.most) return answer;

			const starts = answer.map(({ start }) => start).sort((one, other) => one - other);
			const middle = Math.floor(starts[Math.floor(length / 2)] / 1000) * 1000;
			if (!(middle > from && middle < till)) return answer;
			const halves = [...(await get(from, middle)), ...(await get(middle, till))];
			const known = new Set(answer.map(({ id }) => id));
			if (halves.every(({ id }) => known.has(id))) this.whole = length;
			else this.most = length;
			return answer;
		};
	}
}

const companies = new Map<string, Cut>();

export function cutOf({ connection: { company } }: Run): Cut {
	const cut = companies.get(company) ?? new Cut();
	companies.set(company, cut);
	return cut;
}
