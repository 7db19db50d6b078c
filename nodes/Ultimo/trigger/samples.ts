import { DateTime } from 'luxon';
import type { IDataObject, IPollFunctions, NodeApiError } from 'n8n-workflow';

import { chooseSpaces } from '../objects/spaces';
import { matches, withApplicantId } from '../reservations/filters';
import { listReservations, PROCESSED } from '../reservations/list';
import { connect } from '../transport/connection';
import { Ultimo } from '../transport/request';
import { Run } from '../transport/run';
import { keyOf, type Change, type EventName } from './changes';
import { itemOf } from './items';
import { seenIn } from './look';
import { readSettings, type Settings } from './settings';
import { errorOf } from './trouble';

const HOUR_MS = 3_600_000;
/** Somebody waits for it. */
const PATIENCE = { timeout: 15_000, giveUpAfter: 5, repeats: 0 };

/**
 * An item of each event that was chosen, for the editor: of a reservation of the first space, or of
 * one that is made up where there is none.
 * @throws NodeApiError, or NodeOperationError for a mistake of a field or the credential
 */
export async function samples(n8n: IPollFunctions): Promise<IDataObject[]> {
	const settings = readSettings(n8n);
	const run = new Run(await connect(n8n), PATIENCE);
	const { spaces } = settings;
	const first =
		'SpaceId' in spaces ? spaces.SpaceId : 'SpaceIds' in spaces ? spaces.SpaceIds[0] : '';
	const example = { SpaceId: first, item: exampleOf(Date.now(), run.connection.zone) };
	const one = await realOne(new Ultimo(run), settings).catch((error: NodeApiError) => {
		if (error.context?.outcome === undefined) throw error;
		const mistake = errorOf({ spaces: 1, failed: [error] }, { failures: 1, isFirst: true, run });
		if (mistake) throw mistake;
		return example;
	});
	return [...settings.events].map((event) => sampleOf(event, one ?? example, run.connection.zone));
}

interface One {
	SpaceId: string;
	item: IDataObject;
}

async function realOne(ultimo: Ultimo, settings: Settings): Promise<One | undefined> {
	const [{ SpaceId }] = await chooseSpaces(ultimo, settings.spaces);
	const filters = await withApplicantId(ultimo, settings.filters);
	const now = Math.floor(Date.now() / 1000) * 1000;
	const found = await listReservations(ultimo, SpaceId, [now, now + settings.lookAheadMs]);
	const readable = found.filter(({ start, end }) => end > start);
	const fitting = readable.find(({ item }) => matches(item, filters)) ?? readable[0];
	const item = fitting?.item ?? exampleOf(now, ultimo.zone);
	return { SpaceId, item };
}

/** As the vendor's page shows one, tomorrow at nine. */
function exampleOf(now: number, zone: string): IDataObject {
	const start = DateTime.fromMillis(now, { zone })
		.plus({ days: 1 })
		.startOf('day')
		.set({ hour: 9 });
	const print = (time: DateTime) => time.toFormat("yyyy-MM-dd'T'HH:mm:ss'.000000'ZZ");
	const [StartTime, EndTime] = [start, start.plus({ hours: 1 })].map(print);
	return {
		UltimoId: '00000006710',
		Description: 'Team meeting Front office',
		ApplicantId: 'ULTIMO',
		ApplicantName: 'Fasse, J.',
		StartTime,
		EndTime,
		StartTimeIncludingPreparationTime: StartTime,
		EndTimeIncludingCleanupTime: EndTime,
		Status: PROCESSED,
	};
}

function sampleOf(event: EventName, { SpaceId, item }: One, zone: string): IDataObject {
	const id = String(item.UltimoId);
	const [start, end] = [item.StartTime, item.EndTime].map((time) =>
		DateTime.fromISO(String(time), { zone }).toMillis(),
	);
	const { item: now } = seenIn(SpaceId, { id, start, end, item });
	const earlier = { ...now, start: now.start - HOUR_MS, end: now.end - HOUR_MS };
	const isMoment = !['created', 'updated', 'cancelled'].includes(event);
	const change: Change = {
		event,
		id,
		key: keyOf(event, id, { ...now, round: event === 'created' ? 0 : 1 }),
		now,
		...(event === 'updated' ? { before: earlier } : {}),
		...(isMoment ? { lateMs: 0 } : {}),
	};
	return itemOf(change, event === 'cancelled' ? undefined : item);
}
