import type { INodeProperties } from 'n8n-workflow';

import { checkEmail } from '../../fields/applicant';
import { limitFields, readLimit } from '../../fields/limit';
import { readSimplify, simplified, simplifyField } from '../../fields/simplify';
import { checkQuery, readFilters } from '../../fields/text';
import { listEmployees, type EmployeeFilters } from '../../objects/employees';
import type { Operation } from '../Operation';

const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	description: 'Which of the employees that the API key may read',
	options: [
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			default: '',
			placeholder: 'e.g. j.fasse@example.com',
			description: 'Only who has this e-mail address',
		},
		{
			displayName: 'External ID',
			name: 'externalId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 4711',
			description: 'Only who has this ID in another system, such as a personnel number',
		},
		{
			displayName: 'Search',
			name: 'search',
			type: 'string',
			default: '',
			placeholder: 'e.g. Fasse',
			description:
				'Only who has this text in the name or ID or, if it holds an @, in the e-mail address',
		},
		{
			displayName: 'Ultimo Filter',
			name: 'query',
			type: 'string',
			default: '',
			placeholder: "e.g. Department eq '01'",
			description: "Only who fits this filter of Ultimo's own, in addition to the other filters",
		},
	],
};

const SIMPLE = [
	'ApplicantId',
	'Id',
	'Description',
	'Email',
	'Status',
	'Department',
	'Site',
	'ExternalId',
];

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many employees',
	description: 'List employees that the API key may read',
	fields: [...limitFields, simplifyField, filtersField],
	sameRequestOnce: true,

	read: (parameters) => ({
		limit: readLimit(parameters),
		simplify: readSimplify(parameters),
		filters: readFilters(parameters, filtersField, { email: checkEmail, query: checkQuery }),
	}),

	async execute(ultimo, { limit, simplify, filters }) {
		const most = (limit as number | null) ?? undefined;
		const employees = await listEmployees(ultimo, filters as EmployeeFilters, { most });
		return simplify ? simplified(employees, SIMPLE) : employees;
	},

	skipped: () => ({}),
};
