import type { IDataObject } from 'n8n-workflow';

import type { SpaceFilters, Spaces } from '../fields/space';
import { text } from '../transport/answer';
import type { Ultimo } from '../transport/request';
import { allOf, equals, having } from './filter';
import { once } from './once';
import { readObjects, type Part } from './pages';

/** A space and, where Ultimo was asked for it, its name. */
export interface Space {
	SpaceId: string;
	Description?: string;
}

/** A tenth of the requests of a day, at one a space. */
const MOST_SPACES = 1000;

const listedOnce = once<Space[]>();

/**
 * The spaces that the key may read and that fit, as Ultimo gives them and with `SpaceId`.
 * @throws NodeApiError
 */
export async function listSpaces(
	ultimo: Ultimo,
	{ search, site, query }: SpaceFilters,
	part?: Part,
): Promise<IDataObject[]> {
	const searched = having(search, 'Description', 'Id');
	const atSite = site === undefined ? undefined : equals('Site', site);
	const filter = allOf([searched.filter, atSite, query]);
	const items = await readObjects(ultimo, 'Space', { ...searched, filter }, part);
	return items.map((item) => ({ ...item, SpaceId: String(item.Id) }));
}

/**
 * The spaces that are meant, in order. All of a filter are looked up once a run.
 * @throws NodeApiError also when there is none: a list of nothing would look as if all were free
 */
export async function chooseSpaces(ultimo: Ultimo, spaces: Spaces): Promise<Space[]> {
	if ('SpaceId' in spaces) return [{ SpaceId: spaces.SpaceId }];
	if ('SpaceIds' in spaces) return spaces.SpaceIds.map((SpaceId) => ({ SpaceId }));
	const { spaceFilters } = spaces;
	const found = await listedOnce(ultimo.run, JSON.stringify(spaceFilters), async () => {
		const items = await listSpaces(ultimo, spaceFilters, { most: MOST_SPACES + 1 });
		return items.map(
			({ SpaceId, Description }) => ({ SpaceId, Description: text(Description) }) as Space,
		);
	});
	if (found.length > 0 && found.length <= MOST_SPACES) return found;
	throw ultimo.error({
		outcome: 'notSent',
		message:
			found.length > 0
				? `More than ${MOST_SPACES} spaces fit, and each costs a request`
				: 'No space that the API key may read fits',
		advice: 'Check Space Filters, or enter the IDs of the spaces under Several.',
	});
}
