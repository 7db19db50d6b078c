import { DateTime } from 'luxon';
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { Parameters } from '../fields/parameter';
import { readListSpace } from '../fields/reservation';
import { listEmployees } from '../objects/employees';
import { PAGE, type Part } from '../objects/pages';
import { listSpaces } from '../objects/spaces';
import { isProcessed, listReservations, type Reservation } from '../reservations/list';
import { DAYS_AHEAD } from '../reservations/space';
import { text } from '../transport/answer';
import { connect } from '../transport/connection';
import { Ultimo } from '../transport/request';
import { Run } from '../transport/run';

/**
 * Days that the first page looks at, and that each looks back; while nothing is found, each next
 * one looks at twice as many.
 */
const PAGE_DAYS = 14;
/** Somebody is looking at the list: rather an error than a long wait. */
const PATIENCE = { timeout: 15_000, giveUpAfter: 5, repeats: 0 };

/**
 * The coming reservations of the space that is chosen beside the list, in pages of some weeks.
 * @param filter text that the date, time, description or applicant holds, in capitals or not
 * @param paginationToken where the page begins, in milliseconds since 1970
 */
export async function searchReservations(
	editor: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const zone = editor.getTimezone();
	const fields = new Parameters(editor.getNode(), zone, ({ name }) =>
		editor.getCurrentNodeParameter(name),
	);
	const spaceId = readListSpace(fields);
	const ultimo = await ultimoFor(editor);
	const now = DateTime.now().startOf('second');
	const end = now.plus({ days: DAYS_AHEAD });
	const wanted = filter.trim().toLowerCase();

	let from = paginationToken === undefined ? now : DateTime.fromMillis(Number(paginationToken));
	for (let days = PAGE_DAYS; from < end; days *= 2) {
		const till = DateTime.min(end, from.plus({ days }));
		// Back, because a reservation across the border of two pages belongs to the second, and Ultimo
		// may list only what lies within a window.
		const window = [from.minus({ days: PAGE_DAYS }), till].map(Number) as [number, number];
		const found = await listReservations(ultimo, spaceId, window);
		const results = found
			.filter((one) => one.end > from.toMillis() && one.end <= till.toMillis())
			.map((one) => ({ name: nameOf(one, zone), value: one.id }))
			.filter(({ name }) => name.toLowerCase().includes(wanted));
		from = till;
		if (results.length > 0) {
			return { results, paginationToken: from < end ? String(from.toMillis()) : undefined };
		}
	}
	return { results: [] };
}

/** With times as Ultimo's clocks show them: n8n tells a list the time zone of the instance only. */
function nameOf(one: Reservation, zone: string): string {
	const { item } = one;
	const [begin, until] = [item.StartTime, item.EndTime].map((time) =>
		DateTime.fromISO(String(time), { zone, setZone: true }),
	);
	// Names are cut off in the list, so they hold no more than tells one from the other.
	const dayOf = (time: DateTime) =>
		time.toFormat(time.hasSame(DateTime.now(), 'year') ? 'ccc d LLL, ' : 'ccc d LLL yyyy, ');
	const to = begin.hasSame(until, 'day') ? '–' : ` – ${dayOf(until)}`;
	const time = `${dayOf(begin)}${begin.toFormat('HH:mm')}${to}${until.toFormat('HH:mm')}`;
	const status = isProcessed(one) ? '' : item.Status;
	const who = item.ApplicantName ?? item.ApplicantId;
	return [time, text(item.Description), text(who), text(status)].filter(Boolean).join(' · ');
}

type List = (ultimo: Ultimo, filters: { search?: string }, part: Part) => Promise<IDataObject[]>;

const ORDER = 'Description,Id';

/** A list of objects by what tells one from the other, page by page. */
const searchObjects =
	(list: List, ...told: string[]) =>
	async (
		editor: ILoadOptionsFunctions,
		filter = '',
		paginationToken?: string,
	): Promise<INodeListSearchResult> => {
		const skip = Number(paginationToken ?? 0);
		const search = filter.trim() || undefined;
		const found = await list(
			await ultimoFor(editor),
			{ search },
			{ most: PAGE, skip, orderby: ORDER },
		);
		return {
			results: found.map((item) => ({
				name: told
					.map((property) => text(item[property]))
					.filter(Boolean)
					.join(' · '),
				value: String(item.Id),
			})),
			paginationToken: found.length === PAGE ? String(skip + PAGE) : undefined,
		};
	};

async function ultimoFor(editor: ILoadOptionsFunctions): Promise<Ultimo> {
	return new Ultimo(new Run(await connect(editor), PATIENCE));
}

export const searchSpaces = searchObjects(listSpaces, 'Description', 'Id', 'Site');
export const searchEmployees = searchObjects(listEmployees, 'Description', 'Id', 'Email');
