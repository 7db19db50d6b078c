/** A small Ultimo whose clock stands still, and a client for it: for tests of the server itself. */

import { elementId, type ActionName } from '../../dev/ultimo/contract.mts';
import { defaults, type UltimoOptions } from '../../dev/ultimo/options.mts';
import type { Reservation, Seed } from '../../dev/ultimo/seed.mts';
import { startUltimo, type LocalUltimo } from '../../dev/ultimo/server.mts';

export const noon = Date.parse('2030-05-06T12:00:00Z');

/** '07T09:00' of the fixture's month, UTC, in ms. */
export const at = (text: string) => Date.parse(`2030-05-${text}:00Z`);

const reservation = (id: string, SpaceId: string, start: string, end: string): Reservation => ({
	UltimoId: id,
	ExternalId: `cal-${id}`,
	Description: 'Team meeting Front office',
	SpaceId,
	ApplicantId: 'ULTIMO',
	start: at(start),
	end: at(end),
	status: 'Processed',
});

export const [first, later, past, board] = ['10', '12', '11', '13'].map((end) => `000000067${end}`);

export const seed: Seed = {
	spaces: [
		{ id: 'C-25', name: 'Meeting room 2' },
		{ id: '003.0.10', name: 'Board room', preparationMinutes: 15, cleanupMinutes: 30 },
	],
	applicants: [{ id: 'ULTIMO', name: 'Fasse, J.' }],
	reservations: [
		reservation(later, 'C-25', '07T09:00', '07T10:00'),
		reservation(first, 'C-25', '07T08:00', '07T09:00'),
		reservation(past, 'C-25', '06T10:00', '06T12:00'),
		reservation(board, '003.0.10', '07T08:00', '07T10:00'),
	],
};

export const idsOf = (body: { items: Array<{ Id: string }> }) => body.items.map(({ Id }) => Id);
/** Of an Ultimo with the demo's seed. */
export const allSpaces = 'C-25 C-26 003.0.10 003.1.04 A-101 A/102 Z-01 P-01'.split(' ');

/** For all tests of a file; each begins with it as it was at the start. */
export function withFixture(changes: Partial<UltimoOptions> = {}) {
	const clock = { now: noon };
	const initial: UltimoOptions = { ...defaults, seed, clock: () => clock.now, ...changes };
	const ultimo = {} as LocalUltimo;
	beforeAll(async () => void Object.assign(ultimo, await startUltimo(initial)));
	afterAll(() => ultimo.stop());
	beforeEach(() => {
		clock.now = noon;
		ultimo.setOptions(initial);
		ultimo.reset();
	});

	async function post(name: ActionName, body: unknown, headers: object = {}, path?: string) {
		const response = await fetch(`${ultimo.url}${path ?? `/api/v1/action/${name}`}`, {
			method: 'POST',
			headers: {
				ApiKey: defaults.apiKey,
				ApplicationElementId: elementId(name),
				'Content-Type': 'application/json',
				...headers,
			},
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});
		const text = await response.text();
		const parsed = /^\{.*\}$/.test(text) ? JSON.parse(text) : text;
		return { status: response.status, body: parsed, headers: response.headers };
	}

	/** `query` is encoded here; `target` is what follows `/api/v1/object/`, or a whole URL. */
	async function read(target: string, query: Record<string, string | number> = {}, headers = {}) {
		const asked = new URL(target, `${ultimo.url}/api/v1/object/`);
		for (const [name, value] of Object.entries(query)) asked.searchParams.set(name, String(value));
		const response = await fetch(asked, { headers: { ApiKey: defaults.apiKey, ...headers } });
		const text = await response.text();
		return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
	}

	const list = (changes: object = {}) =>
		post('REST_GetReservationsForSpace', {
			SpaceId: 'C-25',
			From: '2030-05-07T00:00:00Z',
			Till: '2030-05-08T00:00:00Z',
			...changes,
		});

	return {
		ultimo,
		clock,
		post,
		read,
		cancel: (UltimoId: unknown, headers?: object) =>
			post('REST_CancelReservation', { UltimoId }, headers),
		create: (changes: object = {}) =>
			post('REST_CreateReservation', {
				ExternalId: '',
				Description: 'Design review',
				SpaceId: 'C-25',
				StartTime: '2030-05-07T10:00:00Z',
				EndTime: '2030-05-07T11:00:00Z',
				ApplicantId: 'ULTIMO',
				...changes,
			}),
		update: (UltimoId: string, StartTime: string, EndTime: string) =>
			post('REST_UpdateReservation', { UltimoId, StartTime, EndTime }),
		list,
		/** Of what Get lists. */
		ids: async (changes?: object): Promise<string[]> =>
			(await list(changes)).body.properties.Output.collection.map(
				({ UltimoId }: Reservation) => UltimoId,
			),
	};
}
