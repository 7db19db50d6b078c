import type { IDataObject } from 'n8n-workflow';

import { text } from '../transport/answer';
import { OBJECTS, queryOfLink, type Entity } from '../transport/endpoints';
import type { Failure } from '../transport/failure';
import type { Ultimo } from '../transport/request';
import { queryOf, type Condition } from './filter';

/** How many to ask for at a time. Ultimo's own largest page is not documented. */
export const PAGE = 250;
/** A fiftieth of the requests of a day. */
const MOST_PAGES = 200;

const uncounted = (entity: Entity) =>
	`Ultimo's count of ${OBJECTS[entity]} does not fit what it gave page by page, perhaps because some were made or deleted meanwhile, so it may lack others. Run it again to be sure.`;

/** Which part of a list to give; without anything all of it, in order of the ids. */
export interface Part {
	most?: number;
	/** How many of the objects that fit were given before. */
	skip?: number;
	orderby?: string;
}

/**
 * All objects that fit, each once.
 *
 * Follows `nextPageLink`, but only to more of the same objects, and goes on by `skip` where there is
 * none that leads further, since none of it is documented well.
 * @throws NodeApiError also when the list would have gaps
 */
export async function readObjects(
	ultimo: Ultimo,
	entity: Entity,
	{ filter, fits }: Condition,
	{ most = Infinity, skip = 0, orderby = 'Id' }: Part = {},
): Promise<IDataObject[]> {
	const { environment } = ultimo.run.connection;
	// Ultimo can only skip what it counts itself.
	const [begin, drop] = fits ? [0, skip] : [skip, 0];
	const top = fits ? PAGE : Math.min(PAGE, most);
	const known = new Set<string>();
	const found: IDataObject[] = [];
	const asked = new Set<string>();
	const from = (first: number) =>
		queryOf({ filter, orderby, top, skip: first > 0 ? first : undefined, count: 'true' });
	let query = from(begin);
	/** Since the last page that was asked for without a link. */
	let inARow = 0;
	/** How many there are in all, as the last page said; nothing where `count` is that of a page. */
	let inAll = NaN;
	let grew = false;

	for (let pages = 0; pages < MOST_PAGES; pages++) {
		asked.add(query);
		const { items, count, nextPageLink } = await ultimo.get(entity, query);
		if (items.some(({ Id }) => text(Id) === undefined)) throw ultimo.error(withoutIds(entity));
		const fresh = items.filter((item) => !known.has(idOf(item)));
		for (const item of fresh) known.add(idOf(item));
		found.push(...(fits ? fresh.filter(fits) : fresh));
		if (Number(count) < inAll) ultimo.run.notes.add(uncounted(entity));
		grew ||= Number(count) > inAll;
		if (Number(count) > items.length) inAll = Number(count);
		if (found.length >= drop + most) return found.slice(drop, drop + most);

		inARow += items.length;
		const link = queryOfLink(environment, entity, nextPageLink);
		if (link !== undefined && !asked.has(link)) {
			query = link;
			continue;
		}
		const read = begin + known.size;
		// Whether `top` is the length of a page or of the whole list, and `count` that of either, is not
		// said.
		const mayGoOn = Boolean(nextPageLink) || inARow === top || Number(count) > read;
		query = from(read);
		const repeats = asked.has(query);
		// What is made meanwhile moves others on to a page where they come again.
		if (items.length === 0 || !mayGoOn || (repeats && grew)) {
			// Of what fills less than a page, `count` may count also what does not fit.
			if (inAll > read && read >= PAGE) ultimo.run.notes.add(uncounted(entity));
			return found.slice(drop);
		}
		if (repeats) break;
		inARow = 0;
	}
	throw ultimo.error({
		outcome: 'refused',
		message: `Ultimo does not give the whole list of ${OBJECTS[entity]}, only ${known.size}`,
		advice: 'Narrow it down by filters, or set a Limit.',
	});
}

function idOf({ Id }: IDataObject): string {
	return String(Id);
}

/** The maker of a key lists the properties that it may read. */
function withoutIds(entity: Entity): Failure {
	return {
		outcome: 'refused',
		message: `Ultimo gives ${OBJECTS[entity]} without their Id`,
		advice: `Ask your application manager to let the API key read Id of ${entity}.`,
	};
}
