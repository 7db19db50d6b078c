import type { IDataObject, NodeApiError } from 'n8n-workflow';

import type { Applicant } from '../fields/applicant';
import { text } from '../transport/answer';
import type { Ultimo } from '../transport/request';
import { perRun } from '../transport/run';
import { allOf, equals, having } from './filter';
import { once } from './once';
import { readObjects, type Part } from './pages';

export type EmployeeFilters = Partial<Record<'email' | 'search' | 'externalId' | 'query', string>>;

/** The vendor's page has the one spelling, a shipped connector the other. */
const EMAIL_PROPERTIES = ['EmailAdress', 'EmailAddress'];

/** How many people of one address an error names. */
const NAMED = 5;

const spelling = perRun((): { known?: string; first?: Promise<unknown> } => ({}));
const lookedUp = once<IDataObject[]>();

/**
 * The employees that the key may read and that fit, as Ultimo gives them and with `ApplicantId` and,
 * where they have one, `Email`. Capitals in an address make no difference; a text with an `@` is searched in
 * addresses, any other in names and ids.
 * @throws NodeApiError
 */
export async function listEmployees(
	ultimo: Ultimo,
	{ email, search, externalId, query }: EmployeeFilters,
	part?: Part,
): Promise<IDataObject[]> {
	const list = async (emailProperty = '') => {
		const properties = search?.includes('@') ? [emailProperty] : ['Description', 'Id'];
		const searched = having(search, ...properties);
		const filter = allOf([
			email === undefined ? undefined : isAddress(emailProperty, email),
			searched.filter,
			externalId === undefined ? undefined : equals('ExternalId', externalId),
			query,
		]);
		return await readObjects(ultimo, 'Employee', { ...searched, filter }, part);
	};
	const needsSpelling = email !== undefined || search?.includes('@');
	const items = needsSpelling ? await spelled(ultimo, list) : await list();
	const employees = items.map((item): IDataObject => {
		const address = EMAIL_PROPERTIES.map((property) => item[property]).find(Boolean);
		return { ...item, ApplicantId: String(item.Id), ...(address ? { Email: address } : {}) };
	});
	if (email === undefined) return employees;
	// Else an Ultimo that knows no such filter would give anybody.
	const lower = email.toLowerCase();
	return employees.filter(({ Email }) => !Email || text(Email)?.toLowerCase() === lower);
}

/**
 * The id of the employee who is meant. An address is looked up once a run.
 * @throws NodeApiError when it can't be told or is not one; the item itself was not sent, or not again
 */
export async function applicantIdOf(ultimo: Ultimo, applicant: Applicant): Promise<string> {
	if ('ApplicantId' in applicant) return applicant.ApplicantId;
	const email = applicant.Email.toLowerCase();
	const outcome = ultimo.lostBefore ? 'unknown' : 'notSent';
	let people: IDataObject[];
	try {
		people = await lookedUp(ultimo.run, email, () =>
			listEmployees(ultimo, { email: applicant.Email }, { most: NAMED + 1 }),
		);
	} catch (thrown) {
		const error = thrown as NodeApiError;
		if (error.context.outcome === 'unknown') {
			error.description =
				'The applicant could not be looked up. Run it again, or enter the ID instead of the address.';
		} else if (error.context.httpStatus === 400) {
			error.description = `This API key may not read employees' e-mail addresses. Ask your application manager to let it read ${EMAIL_PROPERTIES[0]}, or enter the ID of the one who is meant instead of the address.`;
		}
		error.context.outcome = outcome;
		throw error;
	}
	if (people.length === 1) return people[0].ApplicantId as string;
	throw ultimo.error({ outcome, ...notOne(applicant.Email, people) });
}

function notOne(email: string, people: IDataObject[]): { message: string; advice: string } {
	if (people.length === 0) {
		return {
			message: `Nobody in Ultimo has the e-mail address ${email}`,
			advice:
				'Check the address. The API key may not see everybody, for example those who have left. Where you know the ID, enter it instead of the address.',
		};
	}
	const names = people.slice(0, NAMED).map(({ ApplicantId, Description }) => {
		const name = text(Description);
		return `${String(ApplicantId)}${name ? ` (${name})` : ''}`;
	});
	return {
		message: `Several people in Ultimo have the e-mail address ${email}: ${names.join(', ')}${people.length > NAMED ? ' and more' : ''}`,
		advice: 'Enter the ID of the one who is meant instead of the address.',
	};
}

/** An environment without regard to case compares as asked; many others keep addresses in lower case. */
function isAddress(property: string, email: string): string {
	return [...new Set([email, email.toLowerCase()])]
		.map((one) => equals(property, one))
		.join(' or ');
}

/** Asks with the spelling that the environment knows, which the first to ask finds out for the run. */
async function spelled<T>(ultimo: Ultimo, ask: (property: string) => Promise<T>): Promise<T> {
	const learned = spelling(ultimo.run);
	const tryEach = async () => {
		let refusal: unknown;
		for (const property of EMAIL_PROPERTIES) {
			try {
				const answer = await ask(property);
				learned.known = property;
				return answer;
			} catch (thrown) {
				const error = thrown as NodeApiError;
				const { httpStatus } = error.context;
				if (httpStatus !== 400 && httpStatus !== 500) throw error;
				refusal ??= error;
			}
		}
		throw refusal;
	};
	if (!learned.first) {
		const first = tryEach();
		learned.first = first;
		return await first;
	}
	await learned.first.catch(() => undefined);
	return learned.known === undefined ? await tryEach() : await ask(learned.known);
}
