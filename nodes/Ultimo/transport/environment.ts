const API_PATH = /\/api\/v\d+(\/|$)/i;
const LOCAL_HOST = /^(localhost|127(\.\d+){3}|\[::1\])$/;
/** The vendor's hosts, with and without what they begin with where client certificates are taken. */
const VENDOR_HOST = /^https:\/\/(api-)?(?=[^/:]+\.ultimo\.(net|com)(\/|:|$))/;
/** No address of Ultimo's is longer; what is pasted by mistake may be. */
const LONGEST_ADDRESS = 2000;
const EXAMPLE = 'Enter something like https://customer.ultimo.net';

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
	if (typed === '') throw new Error(`The Environment URL is empty. ${EXAMPLE}`);
	const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(typed);
	const url = parseUrl(hasScheme ? typed : `https://${typed}`);
	// Asked of what was understood: "customer.ultimo.net@other.example" is a user at another host. Not
	// repeated, since a key could have been typed into the wrong field.
	if (url?.username || url?.password) {
		throw new Error(
			'The Environment URL holds a user name or password. Remove it: Ultimo knows you by the API key',
		);
	}
	// A word alone may be any word; with a scheme it is a host of the company's own network.
	if (!url || !(hasScheme || /^(localhost\b|[^/?#:]*[.[])/i.test(typed))) {
		throw new Error(`The Environment URL is not a web address. ${EXAMPLE}`);
	}
	url.hostname = url.hostname.replace(/\.$/, '');
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOCAL_HOST.test(url.hostname))) {
		throw new Error(
			'The Environment URL does not start with https://. Use https:// so that the API key travels encrypted',
		);
	}
	const api = API_PATH.exec(url.pathname);
	return url.origin + (api ? url.pathname.slice(0, api.index).replace(/\/+$/, '') : '');
}

/** Where the vendor's hosts take client certificates: https://api-customer.ultimo.net. */
export function clientHost(environment: string): string {
	return environment.replace(VENDOR_HOST, 'https://api-');
}

/** The customer whose environment this is, the same with and without client certificate. */
export function customerOf(environment: string): string {
	return environment.replace(VENDOR_HOST, 'https://').toLowerCase();
}

/** Whether a request to this address stays within the environment. */
export function isWithin(environment: string, url: URL): boolean {
	const own = new URL(environment);
	// A "blob:" of an origin has that origin too.
	if (url.origin !== own.origin || url.protocol !== own.protocol) return false;
	if (own.pathname === '/') return true;
	return url.pathname.toLowerCase().startsWith(`${own.pathname}/`.toLowerCase()) && isPlain(url);
}

/** Whether no server can read steps upwards in a path, which some look for after decoding it. */
function isPlain({ pathname }: URL): boolean {
	try {
		return !/\.\.|[%\\\p{Cc}]/u.test(decodeURIComponent(pathname));
	} catch {
		return false;
	}
}

function parseUrl(text: string): URL | undefined {
	try {
		return text.length <= LONGEST_ADDRESS ? new URL(text) : undefined;
	} catch {
		return undefined;
	}
}
