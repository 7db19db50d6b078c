import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { freePort } from '../n8n/ports.mts';
import { startUltimo } from '../ultimo/server.mts';

const RESERVATIONS = ['00000006712', '00000006713'];
const REFUSAL = { message: 'Room reservation is in the past.', code: '1166' };

/** An environment in which a run succeeds, or fails in one way. */
export interface LeakPath {
	name: string;
	url: string;
	/** What n8n prints when it fails in the intended way; undefined when it succeeds. */
	fails?: RegExp;
}

/** All the ways, each with a server of its own, since what is learnt of an environment is kept. */
export async function openPaths(apiKey: string) {
	const ultimos = await Promise.all([
		startUltimo({ apiKey }),
		startUltimo({ apiKey, refuse: { [RESERVATIONS[0]]: REFUSAL } }),
		startUltimo({ apiKey: 'another' }),
		startUltimo({ apiKey, faults: { seed: 1, rate: 1, kinds: ['html502'] } }),
		startUltimo({ apiKey, faults: { seed: 1, rate: 1, kinds: ['resetAfter'] } }),
		startUltimo({ apiKey, faults: { seed: 1, rate: 1, kinds: ['cutJson'] } }),
	]);
	const [good, refusing, stranger, gateway, resetting, cutting] = ultimos;

	let arrivals = 0;
	const elsewhere = createServer((_, response) => {
		arrivals++;
		response.end('{}');
	}).listen(0, '127.0.0.1');
	await once(elsewhere, 'listening');
	const elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
	const redirecting = createServer((_, response) =>
		response.writeHead(307, { location: elsewhereUrl }).end(),
	).listen(0, '127.0.0.1');
	await once(redirecting, 'listening');

	const { port } = redirecting.address() as AddressInfo;
	return {
		paths: [
			{ name: 'success', url: good.url },
			{ name: 'a refused item', url: refusing.url, fails: /in the past/ },
			{ name: 'a refused key', url: stranger.url, fails: /Missing API key/i },
			{ name: 'a page of a gateway', url: gateway.url, fails: /answered HTTP 502/ },
			{ name: 'a lost connection', url: resetting.url, fails: /connection was lost/ },
			{ name: 'a cut-off answer', url: cutting.url, fails: /was cut off/ },
			{ name: 'a redirect', url: `http://127.0.0.1:${port}`, fails: /HTTP 307 came back/ },
			{
				name: 'nothing listens',
				url: `http://127.0.0.1:${await freePort()}`,
				fails: /No connection to Ultimo/,
			},
			{
				name: 'a client key that is none',
				url: `https://127.0.0.1:${await freePort()}`,
				fails: /No secure connection to Ultimo/,
			},
			{ name: 'not encrypted', url: 'http://ultimo.example', fails: /Use https:/ },
		] satisfies LeakPath[] as LeakPath[],
		elsewhereUrl,
		arrivalsElsewhere: () => arrivals,
		/** What shows that the key was really used. */
		requests: () => good.ledger.filter(({ apiKeyOk }) => apiKeyOk).length,
		async close() {
			for (const server of [elsewhere, redirecting]) server.close().closeAllConnections();
			await Promise.all(ultimos.map(async (ultimo) => await ultimo.stop()));
		},
	};
}

type Node = Record<string, unknown> & { name: string };

const credentialOf = (url: string) => ({ ultimoApi: { id: idOf(url), name: url } });
export const idOf = (url: string) => url.replace(/\W/g, '').slice(-16).padStart(16, '0');

function ultimoNode(name: string, { url }: LeakPath, settings: object): Node {
	return {
		name,
		type: 'n8n-nodes-ultimo.ultimoReservation',
		typeVersion: 1,
		parameters: {
			operation: 'cancel',
			reservationId: { __rl: true, mode: 'id', value: '={{ $json.UltimoId }}' },
			options: { timeout: 2_000 },
		},
		credentials: credentialOf(url),
		...settings,
	};
}

/** n8n's own HTTP Request node with our credential, to a host that it is not for. */
function strangeRequest(url: string, { url: ownUrl }: LeakPath): Node {
	return {
		name: 'To another host',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'ultimoApi',
			options: {},
		},
		credentials: credentialOf(ownUrl),
		onError: 'continueRegularOutput',
	};
}

function workflow(id: string, nodes: Node[]) {
	const trigger = {
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		parameters: {},
	};
	const list = {
		name: 'List',
		type: 'n8n-nodes-base.code',
		typeVersion: 2,
		parameters: {
			jsCode: `return ${JSON.stringify(RESERVATIONS)}.map((UltimoId) => ({ json: { UltimoId } }))`,
		},
	};
	const all = [trigger, list, ...nodes].map((node, index) => ({
		id: `node-${index}`,
		position: [index * 200, 0],
		...node,
	}));
	const to = (node: Node) => [{ node: node.name, type: 'main', index: 0 }];
	return {
		id,
		name: id,
		nodes: all,
		// All of them beside each other, so that each gets the list whatever became of the others.
		connections: { Start: { main: [to(list)] }, List: { main: [nodes.flatMap(to)] } },
		settings: { saveDataErrorExecution: 'all', saveDataSuccessExecution: 'all' },
	};
}

/** One workflow a path that stops on errors, and one with all paths that goes on in every way. */
export function workflows(paths: LeakPath[], elsewhereUrl: string) {
	const stopping = paths.map((path, index) =>
		workflow(`stops${index}`.padEnd(16, '0'), [ultimoNode(path.name, path, {})]),
	);
	const goingOn = paths.flatMap((path) =>
		(['continueRegularOutput', 'continueErrorOutput'] as const).map((onError) =>
			ultimoNode(`${path.name}, ${onError}`, path, {
				onError,
				retryOnFail: onError === 'continueRegularOutput',
				maxTries: 2,
			}),
		),
	);
	const all = workflow('goesOn'.padEnd(16, '0'), [
		...goingOn,
		strangeRequest(elsewhereUrl, paths[0]),
	]);
	return { stopping, all };
}
