import type { INodeProperties } from 'n8n-workflow';

import { asBoolean } from '../../fields/choices';
import { periodFields, readPeriod, ZONE_HINT } from '../../fields/period';
import { readSpaces, spacesFields, spacesHint, type Spaces } from '../../fields/space';
import { eachSpace } from '../../objects/eachSpace';
import { chooseSpaces, type Space } from '../../objects/spaces';
import { isCancelled } from '../../reservations/list';
import { look } from '../../reservations/space';
import type { Operation } from '../Operation';

const [startField, endField] = periodFields;

const timeFields: INodeProperties[] = [
	{ ...startField, description: `From when on a space is wanted. ${ZONE_HINT}.` },
	{ ...endField, description: `Until when a space is wanted. ${ZONE_HINT}.` },
];

const onlyFreeOption: INodeProperties = {
	displayName: 'Only Free',
	name: 'onlyFree',
	type: 'boolean',
	default: false,
	description: 'Whether to leave out spaces that are taken',
};

export const availability: Operation = {
	value: 'availability',
	name: 'Check Availability',
	action: 'Check which spaces are free',
	description: 'See whether spaces are free at a time, and who has those that are not',
	fields: [...spacesFields, ...timeFields],
	options: [onlyFreeOption],
	hint: spacesHint,
	nothing: 'None of these spaces is free at that time.',
	sameRequestOnce: true,

	read(parameters) {
		const spaces = readSpaces(parameters);
		const [StartTime, EndTime] = readPeriod(parameters, timeFields);
		return {
			...spaces,
			StartTime,
			EndTime,
			onlyFree: parameters.option(onlyFreeOption, asBoolean),
		};
	},

	async execute(ultimo, request, { failed }) {
		const { StartTime, EndTime, onlyFree } = request;
		const check = async ({ SpaceId, Description }: Space) => {
			const seen = await look(ultimo, { SpaceId, StartTime, EndTime });
			// What other statuses mean is unknown, so they count.
			const reservations = seen.filter((one) => !isCancelled(one)).map(({ item }) => item);
			const available = reservations.length === 0;
			if (onlyFree && !available) return [];
			const named = Description === undefined ? {} : { Description };
			return [{ SpaceId, ...named, available, reservations }];
		};
		const spaces = await chooseSpaces(ultimo, request as Spaces);
		if ('SpaceId' in request) return await check(spaces[0]);
		return await eachSpace(ultimo, spaces, Infinity, check, failed);
	},

	skipped: ({ SpaceId }) => (SpaceId === undefined ? {} : { SpaceId }),
};
