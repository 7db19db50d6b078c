import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { applicantField, readApplicant, type Applicant } from '../../fields/applicant';
import { Mistake, shown } from '../../fields/parameter';
import { periodFields, readPeriod } from '../../fields/period';
import { readSpaceId, spaceField } from '../../fields/space';
import { applicantIdOf } from '../../objects/employees';
import { madeBy, makeReservation, tellWhoHasIt } from '../../reservations/make';
import type { Ultimo } from '../../transport/request';
import type { ItemRequest, Operation } from '../Operation';

/** n8n lets no language model fill in a parameter with the name `description`. */
const subjectField: INodeProperties = {
	displayName: 'Subject',
	name: 'subject',
	type: 'string',
	default: '',
	placeholder: 'e.g. Team meeting Front office',
	description: 'What the reservation is for; Ultimo shows it as the description',
};

const externalIdField: INodeProperties = {
	displayName: 'External ID',
	name: 'externalId',
	type: 'string',
	default: '',
	placeholder: 'e.g. the ID of the calendar event',
	description: 'The ID of the reservation in your own system; may be empty',
	hint: 'Ultimo never gives it back: store it together with the UltimoId that comes out here',
};

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a reservation',
	description: 'Reserve a space for an applicant',
	fields: [spaceField, applicantField, ...periodFields, subjectField, externalIdField],
	// Who comes first gets the space.
	inOrder: true,

	read(parameters) {
		const SpaceId = readSpaceId(parameters);
		const applicant = readApplicant(parameters);
		const [StartTime, EndTime] = readPeriod(parameters);
		return {
			ExternalId: parameters.read(externalIdField, asText),
			Description: parameters.read(subjectField, asText),
			SpaceId,
			StartTime,
			EndTime,
			...applicant,
		};
	},

	recall(run, [{ UltimoId }]) {
		madeBy(run).add(UltimoId as string);
	},

	async execute(ultimo, request) {
		const body = await bodyOf(ultimo, request);
		const UltimoId = await makeReservation(ultimo, body);
		const { ExternalId, SpaceId, Description, ApplicantId, StartTime, EndTime } = body;
		return [{ UltimoId, ExternalId, SpaceId, Description, ApplicantId, StartTime, EndTime }];
	},

	skipped: (request) => ({ ...request, created: false }),

	explain: async (ultimo, request, error) =>
		await tellWhoHasIt(ultimo, () => bodyOf(ultimo, request), error),
};

/** With the applicant's id in place of the e-mail address. */
async function bodyOf(ultimo: Ultimo, request: ItemRequest): Promise<IDataObject> {
	const { Email, ...body } = request;
	return Email === undefined
		? body
		: { ...body, ApplicantId: await applicantIdOf(ultimo, { Email } as Applicant) };
}

/** A text as it was typed. Numbers are the caller's own, but not if n8n has already rounded them. */
function asText(value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
	const type = Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
	throw new Mistake(
		typeof value === 'number' ? `${value} is no exact number` : `${shown(value)} is ${type}`,
		'Enter a text, or an expression that gives one.',
	);
}
