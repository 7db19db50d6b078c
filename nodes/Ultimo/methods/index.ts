import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	ILoadOptionsFunctions,
	INodeCredentialTestResult,
	INodeListSearchResult,
} from 'n8n-workflow';

type Searches = typeof import('./listSearch');

const search = (name: keyof Searches) =>
	async function (
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const searches = await import('./listSearch');
		return await searches[name](this, filter, paginationToken);
	};

/** What the editor may ask both nodes; each is loaded when it first asks. */
export const methods = {
	credentialTest: {
		async ultimoApiTest(
			this: ICredentialTestFunctions,
			credential: ICredentialsDecrypted,
		): Promise<INodeCredentialTestResult> {
			const { ultimoApiTest } = await import('./credentialTest');
			return await ultimoApiTest(this, credential);
		},
	},
	listSearch: {
		searchReservations: search('searchReservations'),
		searchSpaces: search('searchSpaces'),
		searchEmployees: search('searchEmployees'),
	},
};
