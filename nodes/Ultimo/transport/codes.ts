import { OBJECTS, type Entity } from './endpoints';
import type { Failure } from './failure';

/** Create, update: "Meeting room 2 is not available". */
export const TAKEN = '1015';
/** Update and, likely, cancel: "Room reservation is in the past". */
export const IN_THE_PAST = '1166';

export const LOOK_IN_ULTIMO = 'Look in Ultimo before you repeat it.';

/** Ours, where a lost answer has no code of its own. */
export const NO_ANSWER = 'NoAnswer';

/** Whether a code is Ultimo's own on the reservation, such as 1015; "503" is only the HTTP status. */
export function isVerdict(code: string | undefined): boolean {
	return /^(?![1-5]\d\d$)\d+$/.test(code ?? '');
}

export function isKeyRefused(code: string | undefined): boolean {
	return /^(missing|invalid)apikey$/i.test(code ?? '');
}

/** Ultimo does not understand a filter, or knows no such property. */
export const FILTER_ERROR = 'FilterSyntaxError';

/** Where no more is known than what Ultimo's message says. */
export const CHECK = 'Ultimo does not accept what was sent.';

type Meaning = Pick<Failure, 'advice' | 'permanent'>;

const BY_CODE = new Map<string, Meaning>([
	[TAKEN, { advice: 'The space is taken at that time. Choose another time or space.' }],
	[
		IN_THE_PAST,
		{ advice: 'Ultimo does not change reservations of the past. Leave such reservations out.' },
	],
	[
		FILTER_ERROR,
		{ advice: 'Check the filter. The API key may read only the properties that it was given.' },
	],
]);

/** Undocumented; each of these can mean that the key's maker did not list the objects. */
const NOT_READABLE = [401, 403, 404];

const notReadable = (entity: Entity, httpStatus: number): Meaning => ({
	permanent: true,
	advice: `This API key may not read ${OBJECTS[entity]}. Ask your application manager to let it read ${entity}. Where you know an ID, enter it instead: that needs no such right.${httpStatus === 404 ? ' If other operations meet 404 too, check the Environment URL of the credential.' : ''}`,
});

const KEY_REFUSED: Meaning = {
	permanent: true,
	advice:
		'Ultimo does not accept the API key. Check the key of the credential, and that it belongs to this environment.',
};

const REDIRECTED: Meaning = {
	permanent: true,
	advice:
		'The address leads elsewhere, where the API key is not sent. Enter the address at which you end up in the browser as Environment URL.',
};

const NO_ACTION: Meaning = {
	permanent: true,
	advice: 'There is no Ultimo action at this address. Check the Environment URL of the credential.',
};

const BY_STATUS = new Map<number, Meaning>([
	[401, KEY_REFUSED],
	[
		403,
		{
			permanent: true,
			advice:
				"The API key may not run this workflow, or the n8n server's IP address is not on the key's list. Ask your application manager.",
		},
	],
	[404, NO_ACTION],
	[405, NO_ACTION],
	[
		407,
		{
			permanent: true,
			advice:
				'A proxy before Ultimo wants a login. Check the HTTPS_PROXY of the n8n server with those who run it.',
		},
	],
	[413, { advice: 'The request is too large. Shorten its texts.' }],
]);

/**
 * What to do about the errors that Ultimo's pages name, by code, else by HTTP status.
 * @param entity of objects that were asked for
 */
export function explain(code: string | undefined, httpStatus: number, entity?: Entity): Meaning {
	const known = BY_CODE.get(code ?? '');
	if (known) return known;
	if (isKeyRefused(code)) return KEY_REFUSED;
	if (entity && NOT_READABLE.includes(httpStatus)) return notReadable(entity, httpStatus);
	if (httpStatus >= 300 && httpStatus < 400) return REDIRECTED;
	const byStatus = BY_STATUS.get(httpStatus);
	if (byStatus) return byStatus;
	if (code === undefined) {
		return { advice: 'Ask your application manager what stands between n8n and Ultimo.' };
	}
	return { advice: CHECK };
}
