import type { INodeProperties } from 'n8n-workflow';

import { APPLICANT, checkId } from './ids';
import { isEmpty, Mistake, shown, visible, type Parameters } from './parameter';

/** As long as mail servers let an address be (RFC 5321). */
const LONGEST_ADDRESS = 254;

/** An employee as the builder knows him or her. */
export type Applicant = { ApplicantId: string } | { Email: string };

export const applicantField: INodeProperties = {
	displayName: 'Applicant',
	name: 'applicantId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The employee who reserves the space, picked from those that the API key may read, or known by e-mail address or ID',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose an employee...',
			typeOptions: { searchListMethod: 'searchEmployees', searchable: true },
		},
		{
			displayName: 'By Email',
			name: 'email',
			type: 'string',
			placeholder: 'e.g. j.fasse@example.com',
			hint: 'Looked up in Ultimo once a run; needs an API key that may read employees',
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. ULTIMO',
			hint: "Ultimo's ID of the employee; needs no right to read employees",
		},
	],
};

/** @throws NodeOperationError that names the field */
export function readApplicant(parameters: Parameters): Applicant {
	return parameters.read(applicantField, (value, mode) => {
		if (mode === 'email') return { Email: checkEmail(value) };
		// Of an expression in place of the whole field, and of a model, for which n8n chooses By ID.
		if (mode === undefined || (mode === 'id' && parameters.ofModel)) return checkApplicant(value);
		return { ApplicantId: checkId(value, APPLICANT) };
	});
}

/**
 * Who is meant by a text alone: one with an `@` is an e-mail address.
 * @throws Mistake
 */
export function checkApplicant(value: unknown): Applicant {
	return typeof value === 'string' && value.includes('@')
		? { Email: checkEmail(value) }
		: { ApplicantId: checkId(value, APPLICANT) };
}

/**
 * An e-mail address without blanks around it.
 * @throws Mistake
 */
export function checkEmail(value: unknown): string {
	const address = typeof value === 'string' ? value.trim() : value;
	if (
		typeof address === 'string' &&
		address.length <= LONGEST_ADDRESS &&
		/^[^\s\p{C}@,;<>"]+@[^\s\p{C}@,;<>"]+$/u.test(address)
	) {
		return address;
	}
	throw new Mistake(
		isEmpty(address)
			? 'the e-mail address is empty'
			: `${typeof address === 'string' ? `"${visible(address)}"` : shown(address)} is no e-mail address`,
		'Enter one address, like j.fasse@example.com, and check the expression if there is one.',
	);
}
