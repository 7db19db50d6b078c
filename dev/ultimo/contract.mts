/** What Ultimo's developer pages print about the reservation connector, and nothing else. */

export type ActionName =
	| 'REST_CancelReservation'
	| 'REST_CreateReservation'
	| 'REST_UpdateReservation'
	| 'REST_GetReservationsForSpace';

export interface Action {
	name: ActionName;
	/** The vendor's "fixed value" of the ApplicationElementId header. */
	elementId: string;
	/** The fields of the body: all required, all text. */
	fields: string[];
}

const list: Action[] = [
	{
		name: 'REST_CancelReservation',
		elementId: '5d5a10ee-7b14-4dd4-8683-33822ea56f12',
		fields: ['UltimoId'],
	},
	{
		name: 'REST_CreateReservation',
		elementId: '0167a94a-5dae-4efe-bf13-029a47728b97',
		fields: ['ExternalId', 'Description', 'SpaceId', 'StartTime', 'EndTime', 'ApplicantId'],
	},
	{
		name: 'REST_UpdateReservation',
		elementId: '3736d834-fa5e-4edc-9abd-f38962ff8afd',
		fields: ['UltimoId', 'StartTime', 'EndTime'],
	},
	{
		name: 'REST_GetReservationsForSpace',
		elementId: '860ea091-4d76-47d9-a733-c3bb18440dde',
		fields: ['SpaceId', 'From', 'Till'],
	},
];

/** By lower-case name: the vendor's paths are case-insensitive. */
export const actions = new Map(list.map((action) => [action.name.toLowerCase(), action]));

export const elementId = (name: ActionName) => actions.get(name.toLowerCase())!.elementId;

/** The codes 1015 and 1166 are Ultimo's. It documents none for the other refusals, so theirs are
 * made up: numbers from 9001 on, where they can't be taken for a known one. */
export const codes = {
	roomTaken: '1015',
	inThePast: '1166',
	unknownReservation: '9001',
	unknownSpace: '9002',
	unknownApplicant: '9003',
	badField: '9004',
	alreadyCancelled: '9005',
	notAuthorized: 'NotAuthorized',
};

/** What goes over the wire. */
export interface Answer {
	status: number;
	payload: string;
	contentType: string;
	headers?: Record<string, string>;
}

export const json = (status: number, body: object): Answer => ({
	status,
	payload: JSON.stringify(body),
	contentType: 'application/json; charset=utf-8',
});

export const plain = (status: number, payload: string): Answer => ({
	status,
	payload,
	contentType: 'text/plain; charset=utf-8',
});

/** As the web servers and gateways around Ultimo answer. */
export const html = (status: number, title: string): Answer => ({
	status,
	payload: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
	contentType: 'text/html; charset=utf-8',
});

export const missingApiKey = (code: string) => json(401, { message: 'Missing API key', code });

export const quotaExceeded = (status: 413 | 429, headers?: Record<string, string>): Answer => ({
	...json(status, { message: 'The account has exceeded the quota.' }),
	headers,
});
