import { PublishedTrigger, type Published } from './poll.mts';
import { fieldOf, listed, refusal, ultimo } from './ultimo';

export const ALL = ['created', 'updated', 'cancelled', 'startingSoon', 'started', 'ended'];
export const parameters = { events: ALL, spaceSelection: 'several', spaceIds: 'C-25' };
export const minutes = (count: number) => jest.setSystemTime(Date.now() + count * 60_000);

export const meeting = {
	UltimoId: '00000006712',
	Description: 'Team meeting',
	ApplicantId: 'ULTIMO',
	ApplicantName: 'Fasse, J.',
	StartTime: '2026-11-26T10:00:00.000000+01:00',
	EndTime: '2026-11-26T11:00:00.000000+01:00',
	Status: 'Processed',
};
type Reply =
	ReturnType<typeof listed> | ReturnType<typeof refusal> | { status: number; body?: string };

/** An Ultimo that gives each space's present list; `lists` may be changed between polls. */
export function office(first: Record<string, Reply>) {
	const lists: Record<string, Reply> = first;
	const seen = ultimo((body) => lists[(body as { SpaceId: string }).SpaceId] ?? listed());
	return { lists, seen, spaces: () => fieldOf(seen, 'SpaceId') };
}

export const published = (setup: Published = {}) =>
	new PublishedTrigger({ ...setup, parameters: { ...parameters, ...setup.parameters } });

/** A published trigger that has had its first poll, which tells nothing, at such an office. */
export async function watching(first: Record<string, Reply>, setup: Published = {}) {
	const trigger = published(setup);
	const place = office(first);
	await trigger.poll();
	return { trigger, ...place };
}
