import { codes, html, json, type Answer } from './contract.mts';
import { entityCalled, type Entity } from './entities.mts';
import { compare, FilterSyntaxError, type Row } from './filter.mts';
import type { KeyRights, NoEntity, UltimoOptions } from './options.mts';
import type { Rooms } from './rooms.mts';

/** What is asked for below `/api/v1/object/`. */
export interface ObjectRequest {
	/** As it stands in the URL, still encoded, without the query. */
	path: string;
	/** The parameters by name; a list where one is given twice. */
	query: Record<string, string | string[] | undefined>;
	/** The environment's: `http://127.0.0.1:5080`. */
	origin: string;
}

const failure = (status: number, code: string, message: string) => json(status, { message, code });

const entityNotFound = (name: string) =>
	failure(404, 'EntityNotFound', `Entity '${name}' was not found.`);

const refusals: Record<NoEntity, (name: string) => Answer> = {
	'401': (name) => failure(401, codes.notAuthorized, `Not authorized for '${name}'.`),
	'403': (name) => failure(403, codes.notAuthorized, `Not authorized for '${name}'.`),
	'403 empty': () => ({ status: 403, payload: '', contentType: '' }),
	'404': entityNotFound,
};

/** Characters that IIS lets into no path, encoded or not; a slash ends the key. */
const notInAPath = /[<>*%&:\\?/]/;
const optionNames = ['filter', 'select', 'orderby', 'top', 'skip', 'count', 'skiptoken'] as const;
type Query = Partial<Record<(typeof optionNames)[number], string>>;

function queryOf(given: ObjectRequest['query']): Query {
	for (const [name, value] of Object.entries(given)) {
		if (!(optionNames as readonly string[]).includes(name))
			throw new FilterSyntaxError(`The local Ultimo does not know the option '${name}'.`);
		if (typeof value !== 'string') throw new FilterSyntaxError(`'${name}' is given twice.`);
	}
	return given as Query;
}

function wholeNumber(query: Query, name: keyof Query, least: number): number | undefined {
	const given = query[name];
	if (given === undefined) return undefined;
	if (!/^\d{1,9}$/.test(given) || Number(given) < least)
		throw new FilterSyntaxError(`'${given}' is no value for '${name}'.`);
	return Number(given);
}

function sorted(rows: Row[], orderby: string, entity: Entity, ignoreCase: boolean): Row[] {
	const keys = orderby.split(',').map((part) => {
		const [written, direction = 'asc', ...more] = part.trim().split(/\s+/);
		if (more.length > 0 || !/^(asc|desc)$/.test(direction))
			throw new FilterSyntaxError(`'${part}' is no order.`);
		return { column: entity.column(written), sign: direction === 'desc' ? -1 : 1 };
	});
	return [...rows].sort((one, other) => {
		for (const { column, sign } of keys) {
			const [left, right] = [one[column], other[column]];
			const order = compare(left, right, ignoreCase);
			if (Number.isNaN(order)) return left === null ? -sign : sign;
			if (order !== 0) return order * sign;
		}
		return 0;
	});
}

function list(entity: Entity, query: Query, request: ObjectRequest, options: UltimoOptions) {
	const { filter, orderby, select } = query;
	const { ignoreCase, ignoreSkip, largestPage, pageSize, topMeans, nextPageLink } = options;
	const columns = select?.split(',').map((written) => entity.column(written.trim()));
	const matching = filter === undefined ? entity.rows : entity.matching(filter);
	const rows = orderby === undefined ? matching : sorted(matching, orderby, entity, ignoreCase);

	const skip = wholeNumber(query, 'skip', 0);
	const first = ignoreSkip || skip === undefined ? 0 : skip;
	const top = wholeNumber(query, 'top', 1);
	const start = wholeNumber(query, 'skiptoken', 0) ?? first;
	const last = topMeans === 'all' && top ? Math.min(first + top, rows.length) : rows.length;
	const end = Math.min(start + Math.min(top ?? pageSize, largestPage), last);

	const token = String(nextPageLink === 'same' ? start : end);
	const next = `${request.path}?${new URLSearchParams({ ...query, skiptoken: token })}`;
	const { origin } = request;
	const link = {
		absolute: `${origin}${next}`,
		same: `${origin}${next}`,
		relative: next,
		elsewhere: `https://elsewhere.example${next}`,
		missing: undefined,
	}[nextPageLink];
	return json(200, {
		count: query.count === 'true' ? rows.length : Math.max(0, end - start),
		nextPageLink: end < last ? link : undefined,
		items: rows.slice(start, end).map((row) => entity.shown(row, columns ?? entity.columns)),
	});
}

function single(entity: Entity, id: string, { select }: Query) {
	const columns = select?.split(',').map((written) => entity.column(written.trim()));
	const row = entity.rows.find(({ Id }) => Id === id);
	if (!row) return failure(404, 'ResourceNotFound', `'${id}' was not found in '${entity.name}'.`);
	return json(200, entity.shown(row, columns ?? entity.columns));
}

/** Answers one request for objects, a list or one by its id, by a key of these rights. */
export function readObjects(
	request: ObjectRequest,
	rooms: Rooms,
	settings: UltimoOptions,
	rights: Partial<KeyRights> = {},
): Answer {
	const options = { ...settings, ...rights };
	const asked = decodeURIComponent(request.path.replace(/^.*\/object\/([^]*?)\/?$/i, '$1'));
	if (notInAPath.test(asked)) return html(400, '400 - Bad Request.');
	const [, name, key] = /^(\w+)(?:\('((?:[^']|'')*)'\))?$/.exec(asked) ?? [];
	const entity = name && entityCalled(name, rooms, options);
	if (!entity) return entityNotFound(asked);
	const refusal = options.mayNotRead[entity.name];
	if (refusal) return refusals[refusal](entity.name);
	try {
		const query = queryOf(request.query);
		return key === undefined
			? list(entity, query, request, options)
			: single(entity, key.replaceAll("''", "'"), query);
	} catch (error) {
		if (!(error instanceof FilterSyntaxError)) throw error;
		return failure(400, 'FilterSyntaxError', error.message);
	}
}
