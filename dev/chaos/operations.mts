import { idsFrom } from '../bed.mts';
import { cancelById } from '../n8n/workflow.mts';
import { applicants, spaces } from '../ultimo/seed.mts';
import { cancelling, creating, type Subject } from './compare.mts';

export interface Chaos {
	subject: Subject;
	/** Items, unless told otherwise. */
	count: number;
	/** How many reservations there are before the run. */
	reservations(items: number): number;
	/** An expression in n8n's language. */
	items(count: number): string;
	parameters: object;
	/** The answers to a repeated cancellation that are tried, one run each. */
	cancelAgain: Array<'success' | 'refused'>;
}

/** Hours end to end, in all spaces by turns: none can be refused for want of room. */
const roomsByTurns = (count: number) => `Array.from({ length: ${count} }, (_, i) => ({
	SpaceId: ${JSON.stringify(spaces.map(({ id }) => id))}[i % ${spaces.length}],
	StartTime: new Date(Date.UTC(2035, 0, 8) + Math.floor(i / ${spaces.length}) * 3600000).toISOString(),
	EndTime: new Date(Date.UTC(2035, 0, 8) + Math.floor(i / ${spaces.length} + 1) * 3600000).toISOString(),
	ApplicantId: ${JSON.stringify(applicants[0].id)},
	Description: 'Reservation ' + i,
	ExternalId: 'cal-' + i,
}))`;

export const operations = new Map<string, Chaos>([
	[
		'cancel',
		{
			subject: cancelling,
			count: 2_000,
			reservations: (items) => items,
			items: (count) => idsFrom(0, count),
			parameters: cancelById,
			cancelAgain: ['success', 'refused'],
		},
	],
	[
		'create',
		{
			subject: creating,
			count: 500,
			reservations: () => 0,
			items: roomsByTurns,
			parameters: {
				operation: 'create',
				spaceId: '={{ $json.SpaceId }}',
				startTime: '={{ $json.StartTime }}',
				endTime: '={{ $json.EndTime }}',
				applicantId: '={{ $json.ApplicantId }}',
				subject: '={{ $json.Description }}',
				externalId: '={{ $json.ExternalId }}',
			},
			cancelAgain: ['success'],
		},
	],
]);
