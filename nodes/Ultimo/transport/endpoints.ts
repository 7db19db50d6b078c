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

const ACTION_PATH = /\/api\/v\d+\/action\/([^/]+)\/?$/i;

/** The address of an action; `environment` as `environmentUrl` returns it. */
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

function parseUrl(text: string, base?: string): URL | undefined {
	try {
		return new URL(text, base);
	} catch {
		return undefined;
	}
}
