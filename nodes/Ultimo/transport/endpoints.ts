interface ActionFacts {
	/** As the operations and the credential's fields call it. */
	title: string;
	/** Whether the action done twice has the effect of once, so that a lost answer may be repeated. */
	repeatable: boolean;
	/** What the reservation probably is when the answer was lost. Not for reading. */
	done?: string;
	elementId: string;
	ownElementId: string;
}

/**
 * The actions of Ultimo's "REST connector Reservations v3" (developer.ultimo.net) and where they
 * live. Every action is a POST to `{environment}/api/v1/action/{Action}` and wants the id of the
 * application element that carries it out in the header `ApplicationElementId`: the vendor's, or
 * that of a customer's own workflow, which the credential then holds in the field `ownElementId`.
 */
export const ACTIONS = {
	REST_CancelReservation: {
		title: 'Cancel',
		repeatable: true,
		done: 'cancelled',
		elementId: '5d5a10ee-7b14-4dd4-8683-33822ea56f12',
		ownElementId: 'cancelElementId',
	},
	REST_CreateReservation: {
		title: 'Create',
		repeatable: false,
		done: 'made',
		elementId: '0167a94a-5dae-4efe-bf13-029a47728b97',
		ownElementId: 'createElementId',
	},
	REST_GetReservationsForSpace: {
		title: 'Get Many',
		repeatable: true,
		elementId: '860ea091-4d76-47d9-a733-c3bb18440dde',
		ownElementId: 'getElementId',
	},
	REST_UpdateReservation: {
		title: 'Update',
		repeatable: true,
		done: 'changed',
		elementId: '3736d834-fa5e-4edc-9abd-f38962ff8afd',
		ownElementId: 'updateElementId',
	},
} satisfies Record<string, ActionFacts>;

export type Action = keyof typeof ACTIONS;

const API_PATH = /\/api\/v\d+(\/|$)/i;
const ACTION_PATH = /\/api\/v\d+\/action\/([^/]+)\/?$/i;
const LOCAL_HOST = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The environment that a builder meant, as `https://host[:port][/path]` without a closing slash.
 *
 * Takes what people paste: with or without scheme, slash or `/api/v1`, in capitals or not, or the address
 * of any page of Ultimo. A path counts only when `/api/v1` follows it (an environment of its own
 * below a path); elsewhere it is the path of a page.
 *
 * @throws Error with a sentence for the builder when no environment can be read from the text
 */
export function environmentUrl(text: unknown): string {
	const typed = typeof text === 'string' ? text.trim() : '';
	if (typed === '') {
		throw new Error(
			'The Environment URL is empty. Enter something like https://customer.ultimo.net',
		);
	}
	// Not repeated below: a key could have been typed into the wrong field.
	if (/^([a-z]+:)?\/\/[^/]*@/i.test(typed)) {
		throw new Error(
			'The Environment URL holds a user name or password. Remove it: Ultimo knows you by the API key',
		);
	}
	const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(typed);
	const url = parseUrl(hasScheme ? typed : `https://${typed}`);
	// A word alone may be any word; with a scheme it is a host of the company's own network.
	if (!url || !(hasScheme || /^localhost$|[.[]/.test(url.hostname))) {
		throw new Error(
			'The Environment URL is not a web address. Enter something like https://customer.ultimo.net',
		);
	}
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOCAL_HOST.test(url.hostname))) {
		throw new Error(
			`The Environment URL starts with "${url.protocol}//". Use https:// so that the API key travels encrypted`,
		);
	}
	const api = API_PATH.exec(url.pathname);
	return url.origin + (api ? url.pathname.slice(0, api.index) : '');
}

/** Where the vendor's hosts take client certificates: https://api-customer.ultimo.net. */
export function clientHost(environment: string): string {
	return environment.replace(
		/^https:\/\/(?!api-)(?=[^/]+\.ultimo\.(net|com)(\/|:|$))/,
		'https://api-',
	);
}

/** The address of an action; `environment` as {@link environmentUrl} returns it. */
export function actionUrl(environment: string, action: Action): string {
	return `${environment}/api/v1/action/${action}`;
}

/** Ultimo's objects that are read here, and what people call them. */
export const OBJECTS = {
	Employee: 'employees',
	Space: 'spaces',
} as const;

export type Entity = keyof typeof OBJECTS;

/** The address of the objects of a kind, which are read by GET without an application element. */
export function objectUrl(environment: string, entity: Entity): string {
	return `${environment}/api/v1/object/${entity}`;
}

/** The query of a link to more of these objects; undefined for a link that leads elsewhere. */
export function queryOfLink(
	environment: string,
	entity: Entity,
	link: unknown,
): string | undefined {
	const own = objectUrl(environment, entity);
	const url = typeof link === 'string' ? parseUrl(link, own) : undefined;
	if (`${url?.origin}${url?.pathname}`.toLowerCase() !== own.toLowerCase()) return undefined;
	return url?.search.slice(1) || undefined;
}

/** What to know of an action. */
export function factsOf(action: Action): ActionFacts {
	return ACTIONS[action];
}

/** The action that a request to this address is for, if it is one of ours. Vendor paths know no case. */
export function actionOf(url: URL): Action | undefined {
	const name = ACTION_PATH.exec(url.pathname)?.[1].toLowerCase();
	return (Object.keys(ACTIONS) as Action[]).find((action) => action.toLowerCase() === name);
}

/** Whether a request to this address stays within the environment. */
export function isWithin(environment: string, url: URL): boolean {
	const own = new URL(environment);
	const path = `${own.pathname.replace(/\/$/, '')}/`.toLowerCase();
	return url.origin === own.origin && url.pathname.toLowerCase().startsWith(path);
}

function parseUrl(text: string, base?: string): URL | undefined {
	try {
		return new URL(text, base);
	} catch {
		return undefined;
	}
}
