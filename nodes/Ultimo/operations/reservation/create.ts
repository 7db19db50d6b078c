import type { IDataObject, INodeProperties, NodeHint } from 'n8n-workflow';

import { applicantField, readApplicant, type Applicant } from '../../fields/applicant';
import { oneOf } from '../../fields/choices';
import { isEmpty, Mistake, shown } from '../../fields/parameter';
import { periodFields, readPeriod, zonedPeriod } from '../../fields/period';
import { freeSelectionField, freeSpaceFields, readSpaces } from '../../fields/space';
import { applicantIdOf } from '../../objects/employees';
import { ownOf } from '../../reservations/own';
import { reserve, tellWhoHasThem } from '../../reservations/reserve';
import type { Ultimo } from '../../transport/request';
import type { ItemRequest, Operation } from '../Operation';

/** n8n lets no language model fill in a parameter with the name `description`. */
const subjectField: INodeProperties = {
	displayName: 'Subject',
	name: 'subject',
	type: 'string',
	required: true,
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
	hint: 'Ultimo never shows it again: store it together with the UltimoId that comes out here',
};

const ifReservedOption: INodeProperties = {
	displayName: 'If Already Reserved',
	name: 'ifReserved',
	type: 'options',
	default: 'fail',
	options: [
		{ name: 'Fail', value: 'fail', description: 'The space is taken then' },
		{
			name: 'Return It',
			value: 'return',
			description: 'The item gets its UltimoId, and created is false',
		},
	],
	description:
		'What to do when the same reservation is there before: of the same space, time, applicant and subject. Return It makes Create safe to repeat, and costs one request more for each space.',
};

/** Who puts Create after a list of spaces means one reservation, not one for each of them. */
const eachItemHint: NodeHint = {
	message:
		'Each input item reserves a space of its own. After a node that lists spaces turn on Settings > Execute Once, or as many are reserved as it lists.',
	displayCondition: '={{ $parameter["spaceSelection"] === "firstFree" }}',
	whenToDisplay: 'beforeExecution',
	location: 'outputPane',
};

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a reservation',
	description: 'Reserve a space, or the first free one of several, for an applicant',
	fields: [...freeSpaceFields, applicantField, ...periodFields, subjectField, externalIdField],
	options: [ifReservedOption],
	hint: eachItemHint,
	changes: true,
	// Who comes first gets the space.
	inOrder: true,

	read(parameters) {
		const space = readSpaces(parameters, freeSelectionField);
		const applicant = readApplicant(parameters);
		const [StartTime, EndTime] = readPeriod(parameters);
		return {
			ExternalId: parameters.read(externalIdField, asText),
			Description: parameters.read(subjectField, readSubject),
			...space,
			StartTime,
			EndTime,
			...applicant,
		};
	},

	known: (parameters) => ({
		ifReserved: parameters.option(ifReservedOption, oneOf(ifReservedOption)),
	}),

	recall(run, [{ UltimoId }]) {
		ownOf(run).add(UltimoId as string);
	},

	async execute(ultimo, request, { known }) {
		const body = await bodyOf(ultimo, request);
		const returnSame = known.ifReserved === 'return';
		const reserved = await reserve(ultimo, body, spacesOf(request), returnSame);
		const { UltimoId, SpaceId, created } = reserved;
		const { ExternalId, Description, ApplicantId } = body;
		const times = zonedPeriod(body, ultimo.zone);
		return [{ UltimoId, ExternalId, SpaceId, Description, ApplicantId, ...times, created }];
	},

	skipped: (request, { zone, done }) => ({
		...request,
		...zonedPeriod(request, zone),
		created: done,
	}),

	explain: async (ultimo, request, error) =>
		await tellWhoHasThem(ultimo, () => bodyOf(ultimo, request), spacesOf(request), error),
};

function spacesOf({ SpaceId, SpaceIds }: ItemRequest): string[] {
	return (SpaceIds ?? [SpaceId]) as string[];
}

/** What all spaces are asked for with: the applicant's id is there in place of the e-mail address. */
async function bodyOf(ultimo: Ultimo, request: ItemRequest): Promise<IDataObject> {
	const { ExternalId, Description, StartTime, EndTime } = request;
	const ApplicantId = await applicantIdOf(ultimo, request as Applicant);
	return { ExternalId, Description, StartTime, EndTime, ApplicantId };
}

function readSubject(value: unknown): string {
	const subject = asText(value);
	if (!isEmpty(subject)) return subject;
	throw new Mistake(
		'the subject is empty',
		'Ultimo demands one. Enter what the reservation is for.',
	);
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
