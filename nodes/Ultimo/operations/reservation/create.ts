import type { INodeProperties } from 'n8n-workflow';

import { APPLICANT, checkId, SPACE, spaceField } from '../../fields/ids';
import { Mistake, shown } from '../../fields/parameter';
import { periodFields, readPeriod } from '../../fields/period';
import { madeBy, makeReservation, tellWhoHasIt } from '../../reservations/make';
import type { Operation } from '../Operation';

const applicantField: INodeProperties = {
	displayName: 'Applicant ID',
	name: 'applicantId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. ULTIMO',
	description: 'The ID of the employee who reserves the space',
	hint: "Ultimo's ID of the employee, not the name or e-mail address",
};

const descriptionField: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
	placeholder: 'e.g. Team meeting Front office',
	description: 'What the reservation is for, as Ultimo shows it',
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
	fields: [spaceField, applicantField, ...periodFields, descriptionField, externalIdField],
	// Who comes first gets the space.
	inOrder: true,

	read(parameters) {
		const SpaceId = parameters.read(spaceField, (value) => checkId(value, SPACE));
		const ApplicantId = parameters.read(applicantField, (value) => checkId(value, APPLICANT));
		const [StartTime, EndTime] = readPeriod(parameters);
		return {
			ExternalId: parameters.read(externalIdField, asText),
			Description: parameters.read(descriptionField, asText),
			SpaceId,
			StartTime,
			EndTime,
			ApplicantId,
		};
	},

	recall(run, [{ UltimoId }]) {
		madeBy(run).add(UltimoId as string);
	},

	async execute(ultimo, request) {
		const UltimoId = await makeReservation(ultimo, request);
		const { ExternalId, SpaceId, Description, ApplicantId, StartTime, EndTime } = request;
		return [{ UltimoId, ExternalId, SpaceId, Description, ApplicantId, StartTime, EndTime }];
	},

	skipped: (request) => ({ ...request, created: false }),

	explain: tellWhoHasIt,
};

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
