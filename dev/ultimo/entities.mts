import { printed } from './dates.mts';
import { compileFilter, FilterSyntaxError, type Cell, type Kind, type Row } from './filter.mts';
import type { EntityName, UltimoOptions } from './options.mts';
import type { Rooms } from './rooms.mts';
import type { Applicant, Space } from './seed.mts';

interface Property<T> {
	kind: Kind;
	/** The id of another object: `Site eq '01'` and `Site/Id eq '01'` ask the same. */
	related: boolean;
	of: (one: T) => Cell | undefined;
}

const property =
	(kind: Kind, related = false) =>
	<T,>(of: Property<T>['of']): Property<T> => ({ kind, related, of });
const text = property('text');
const number = property('number');
const moment = property('moment');
const related = property('text', true);

const employee = (emailProperty: string): Record<string, Property<Applicant>> => ({
	Id: text(({ id }) => id),
	Description: text(({ name }) => name),
	Context: number(() => 1),
	Status: number(({ status = 1 }) => status),
	FirstName: text(({ firstName }) => firstName),
	SurName: text(({ name }) => name.split(', ')[0]),
	Initials: text(({ name }) => name.split(', ')[1]),
	[emailProperty]: text(({ email }) => email),
	Phone: text(({ phone }) => phone),
	ExternalId: text(({ externalId }) => externalId),
	Site: related(({ site }) => site),
	Department: related(({ department }) => department),
	CostCenter: related(() => null),
});

const space: Record<string, Property<Space>> = {
	Id: text(({ id }) => id),
	Description: text(({ name }) => name),
	Context: number(({ context = 1 }) => context),
	Status: number(({ status = 1 }) => status),
	RoomNumber: text(({ id }) => id),
	BuildingFloor: related(({ buildingFloor }) => buildingFloor),
	Site: related(({ site }) => site),
	Department: related(() => null),
	Zone: related(() => null),
	RecordChangeDate: moment(({ changed }) => changed),
};

/** One of Ultimo's tables as a key of these options sees it. */
export interface Entity {
	name: EntityName;
	/** The key's own filter has been applied. */
	rows: Row[];
	/** The columns that the key may read. */
	columns: string[];
	/** Throws a FilterSyntaxError, also for a column that the key may not read. */
	column(written: string): string;
	matching(filter: string): Row[];
	/** As it goes over the wire. */
	shown(row: Row, columns: string[]): object;
}

function entityOf<T>(
	name: EntityName,
	properties: Record<string, Property<T>>,
	all: Iterable<T>,
	options: UltimoOptions,
): Entity {
	const { hiddenProperties, keyFilters, ignoreCase, zone } = options;
	const everything = Object.keys(properties);
	const columns = everything.filter((column) => !hiddenProperties.includes(`${name}.${column}`));

	const propertyIn = (readable: string[]) => (path: string) => {
		const [column, ...rest] = path.split('/');
		if (!readable.includes(column)) return undefined;
		const { kind, related: leadsOn } = properties[column];
		const isItself = rest.length === 0 || (leadsOn && rest.join('/') === 'Id');
		return isItself ? { name: column, kind } : undefined;
	};

	let rows = [...all].map((one): Row =>
		Object.fromEntries(everything.map((column) => [column, properties[column].of(one) ?? null])),
	);
	const keyFilter = keyFilters[name];
	if (keyFilter) rows = rows.filter(compileFilter(keyFilter, propertyIn(everything), ignoreCase));

	return {
		name,
		rows,
		columns,
		column(written) {
			const found = propertyIn(columns)(written);
			if (!found) throw new FilterSyntaxError(`Unknown property '${written}' of ${name}.`);
			return found.name;
		},
		matching: (filter) => rows.filter(compileFilter(filter, propertyIn(columns), ignoreCase)),
		shown: (row, chosen) =>
			Object.fromEntries(
				chosen.map((column) => {
					const cell = row[column];
					const isMoment = properties[column].kind === 'moment' && cell !== null;
					return [column, isMoment ? printed(Number(cell), zone) : cell];
				}),
			),
	};
}

/** Undefined for a table that is not there. Tables are found in any case, as all paths are. */
export function entityCalled(name: string, rooms: Rooms, options: UltimoOptions) {
	switch (name.toLowerCase()) {
		case 'employee': {
			const { emailProperty } = options;
			return entityOf('Employee', employee(emailProperty), rooms.applicants.values(), options);
		}
		case 'space':
			return entityOf('Space', space, rooms.spaces.values(), options);
		default:
			return undefined;
	}
}
