/** The `filter` of Ultimo's REST objects. `like` knows no escape for its `%` and `_`. */

export type Cell = string | number | null;
export type Row = Record<string, Cell>;
/** A moment's cell is in ms. */
export type Kind = 'text' | 'number' | 'moment';

export class FilterSyntaxError extends Error {}

interface Literal {
	/** Null fits every kind, a boolean none. */
	kind: Kind | 'null' | 'boolean';
	value: Cell;
}

type Test = (row: Row) => boolean;
interface Token {
	text: string;
	type: 'text' | 'moment' | 'number' | 'word' | 'mark' | 'end';
	at: number;
}

const pattern =
	/(?<text>'(?:[^']|'')*')|(?<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)(?![\w.])|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<word>[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*)|(?<mark>[(),])/y;
/** More brackets than anybody writes: the parser calls itself for each. */
const deepest = 50;

function tokens(filter: string): Token[] {
	const found: Token[] = [];
	let at = 0;
	const skipSpace = () => (at += /^\s*/.exec(filter.slice(at))![0].length);
	for (skipSpace(); at < filter.length; skipSpace()) {
		pattern.lastIndex = at;
		const groups = pattern.exec(filter)?.groups;
		if (!groups) throw new FilterSyntaxError(`Syntax error at position ${at} in '${filter}'.`);
		const [type, text] = Object.entries(groups).find(([, value]) => value !== undefined)!;
		found.push({ type: type as Token['type'], text, at });
		at += text.length;
	}
	return [...found, { type: 'end', text: 'the end', at }];
}

const comparisons: Record<string, (order: number) => boolean> = {
	eq: (order) => order === 0,
	ne: (order) => order !== 0,
	gt: (order) => order > 0,
	ge: (order) => order >= 0,
	lt: (order) => order < 0,
	le: (order) => order <= 0,
};

/** Negative, 0 or positive; NaN where one is null and the other isn't, which is only `ne`. */
export function compare(one: Cell, other: Cell, ignoreCase: boolean): number {
	if (one === null || other === null) return one === other ? 0 : NaN;
	const folded = (cell: string | number) =>
		ignoreCase && typeof cell === 'string' ? cell.toLowerCase() : cell;
	const [left, right] = [folded(one), folded(other)];
	return left === right ? 0 : left < right ? -1 : 1;
}

function likeness(text: string, ignoreCase: boolean): RegExp {
	const source = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
	const anything = source.replaceAll('%', '[^]*').replaceAll('_', '[^]');
	return new RegExp(`^${anything}$`, ignoreCase ? 'iu' : 'u');
}

/** One filter. `kindOf` gives undefined for a property that is not there (or may not be read). */
export function compileFilter(
	filter: string,
	kindOf: (path: string) => { name: string; kind: Kind } | undefined,
	ignoreCase: boolean,
): Test {
	const all = tokens(filter);
	let index = 0;
	let depth = 0;

	const fail = (): never => {
		const { text, at } = all[index];
		throw new FilterSyntaxError(`Unexpected ${text} at position ${at} in '${filter}'.`);
	};
	const next = () => all[index++];
	const takes = (text: string, type: Token['type'] = 'word') =>
		all[index].type === type && all[index].text === text && Boolean(next());
	const must = (mark: string) => takes(mark, 'mark') || fail();

	function either(): Test {
		let test = both();
		while (takes('or')) {
			const [left, right] = [test, both()];
			test = (row) => left(row) || right(row);
		}
		return test;
	}

	function both(): Test {
		let test = one();
		while (takes('and')) {
			const [left, right] = [test, one()];
			test = (row) => left(row) && right(row);
		}
		return test;
	}

	function one(): Test {
		if (++depth > deepest) fail();
		try {
			if (takes('not')) {
				const test = one();
				return (row) => !test(row);
			}
			if (!takes('(', 'mark')) return comparison();
			const test = either();
			must(')');
			return test;
		} finally {
			depth--;
		}
	}

	function comparison(): Test {
		if (all[index].type !== 'word') fail();
		const path = next().text;
		const property = kindOf(path);
		if (!property) throw new FilterSyntaxError(`Unknown property '${path}' in '${filter}'.`);
		const { name, kind } = property;

		if (takes('in')) {
			must('(');
			const values = [literal(kind)];
			while (takes(',', 'mark')) values.push(literal(kind));
			must(')');
			return (row) => values.some((value) => compare(row[name], value, ignoreCase) === 0);
		}
		if (takes('like')) {
			const text = literal(kind);
			if (kind !== 'text' || text === null) return fail();
			const like = likeness(String(text), ignoreCase);
			return (row) => row[name] !== null && like.test(String(row[name]));
		}
		const operator = all[index].text;
		if (all[index].type !== 'word' || !Object.hasOwn(comparisons, operator)) fail();
		next();
		const value = literal(kind);
		if (value === null && operator !== 'eq' && operator !== 'ne') fail();
		return (row) => comparisons[operator](compare(row[name], value, ignoreCase));
	}

	function literal(wanted: Kind): Cell {
		const { kind, value } = read(all[index]);
		if (kind !== wanted && kind !== 'null') fail();
		next();
		return value;
	}

	function read({ type, text }: Token): Literal {
		if (type === 'text') return { kind: type, value: text.slice(1, -1).replaceAll("''", "'") };
		if (type === 'number') return { kind: type, value: Number(text) };
		if (type === 'moment' && !Number.isNaN(Date.parse(text)))
			return { kind: type, value: Date.parse(text) };
		if (text === 'null') return { kind: 'null', value: null };
		if (text === 'true' || text === 'false') return { kind: 'boolean', value: text };
		return fail();
	}

	const test = either();
	if (all[index].type !== 'end') fail();
	return test;
}
