import { runNode, type Setup } from './n8n.mts';
import { fast } from './time.mts';
import { lost, refusal, ultimo } from './ultimo';

export const parameters = {
	operation: 'create',
	spaceId: 'C-25',
	applicantId: 'ULTIMO',
	startTime: '2026-11-22T10:00:00',
	endTime: '2026-11-22T11:00:00',
	subject: 'Team meeting',
	externalId: 'cal-1',
};
export const body = {
	ExternalId: 'cal-1',
	Description: 'Team meeting',
	SpaceId: 'C-25',
	StartTime: '2026-11-22T09:00:00Z',
	EndTime: '2026-11-22T10:00:00Z',
	ApplicantId: 'ULTIMO',
};
export const lookBody = {
	SpaceId: 'C-25',
	From: '2026-11-21T09:00:00Z',
	Till: '2026-11-23T10:00:00Z',
};
export const ours = {
	UltimoId: '00000006712',
	Description: 'Team meeting',
	ApplicantId: 'ULTIMO',
	ApplicantName: 'Fasse, J.',
	StartTime: '2026-11-22T10:00:00.000000+01:00',
	EndTime: '2026-11-22T11:00:00.000000+01:00',
	Status: 'Processed',
};
export const other = {
	...ours,
	UltimoId: '00000006700',
	Description: 'Job interview',
	ApplicantId: 'BAKKER',
	ApplicantName: 'Bakker, M.',
	EndTime: '2026-11-22T10:30:00.000000+01:00',
};
export const created = { body: { properties: { UltimoId: '00000006712' } } };
export const taken = refusal(
	'1015',
	'Room reservation cannot be requested or processed.\r\nCause: Meeting room 2 is not available.',
);
export const output = {
	UltimoId: '00000006712',
	ExternalId: 'cal-1',
	SpaceId: 'C-25',
	Description: 'Team meeting',
	ApplicantId: 'ULTIMO',
	StartTime: '2026-11-22T10:00:00+01:00',
	EndTime: '2026-11-22T11:00:00+01:00',
	created: true,
};
export type Script = Array<ReturnType<typeof lost> | typeof created | typeof taken>;

/** Runs Create, of one item unless set up otherwise, against these answers; says what was asked. */
export async function create(answers: Script, changes: object = {}, setup: Setup = {}) {
	const seen = ultimo((_, index) => answers[index] ?? lost('UNEXPECTED'));
	const result = await fast(runNode({ ...setup, parameters: { ...parameters, ...changes } }));
	const asked = seen.map(({ path }) => path.split('_').at(-1));
	return { seen, asked, items: result.json, error: result.error };
}
export const CREATE = 'CreateReservation';
export const LOOK = 'GetReservationsForSpace';
