import { defaults } from '../ultimo/options.mts';
import type { LocalUltimo } from '../ultimo/server.mts';
import type { Strangers } from './strangers.mts';

/** Something wrong with a credential, and the words by which the test must name it. */
export interface Cause {
	title: string;
	baseUrl: string;
	apiKey?: string;
	/** Brings the local Ultimo into the state in which it answers like this. */
	before?: () => void | Promise<void>;
	after?: () => void;
	says: RegExp;
}

const GET = 'REST_GetReservationsForSpace';
const SOMEBODY_ELSES = '00000000-0000-0000-0000-000000000000';

export function causesOf(ultimo: LocalUltimo, { selfSigned, webSite }: Strangers): Cause[] {
	const { url } = ultimo;
	return [
		{
			title: 'an address that is no address',
			baseUrl: 'our ultimo',
			says: /Environment URL is not a web address/,
		},
		{
			title: 'a host that does not exist',
			baseUrl: 'https://customer.ultimo.invalid',
			// EAI_AGAIN where no name server answers.
			says: /ENOTFOUND|EAI_AGAIN/,
		},
		{
			title: 'a host that accepts no connections',
			baseUrl: 'http://127.0.0.1:1',
			says: /ECONNREFUSED/,
		},
		{ title: 'a certificate that nobody vouches for', baseUrl: selfSigned, says: /certificate/i },
		{
			title: 'a web server that is not an Ultimo',
			baseUrl: webSite,
			says: /404.*Environment URL/s,
		},
		{
			title: 'a key that Ultimo refuses',
			baseUrl: url,
			apiKey: 'wrong-key',
			says: /does not accept the API key/,
		},
		{
			title: 'a key that may not run the workflow',
			baseUrl: url,
			before: () => ultimo.setOptions({ workflowIds: { [GET]: SOMEBODY_ELSES } }),
			after: () => ultimo.setOptions({ workflowIds: {} }),
			says: /may not run this workflow.*IP address/s,
		},
		{
			title: 'a quota that is used up',
			// The dialog saves, and so tests, only what was changed.
			baseUrl: `${url}/`,
			async before() {
				ultimo.setOptions({ requestsPerDay: 1 });
				ultimo.reset();
				await fetch(`${url}/api/v1/action/${GET}`, {
					method: 'POST',
					headers: { ApiKey: defaults.apiKey },
				});
			},
			after() {
				ultimo.setOptions({ requestsPerDay: 10_000 });
				ultimo.reset();
			},
			says: /quota/,
		},
	];
}
