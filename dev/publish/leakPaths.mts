import { createServer } from 'node:http';
import { freePort, portOf } from '../n8n/ports.mts';
import {
	cancelById,
	httpRequest,
	manualTrigger,
	reservationNode,
	setJson,
	splitOut,
	workflow,
	type Node,
	type NodeSettings,
} from '../n8n/workflow.mts';
import { inThePast } from '../ultimo/refusals.mts';
import { startUltimo } from '../ultimo/server.mts';

const RESERVATIONS = ['00000006712', '00000006713'];

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
		startUltimo({ apiKey, refuse: { [RESERVATIONS[0]]: inThePast } }),
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
	});
	const elsewhereUrl = `http://127.0.0.1:${await portOf(elsewhere)}`;
	const redirecting = createServer((_, response) =>
		response.writeHead(307, { location: elsewhereUrl }).end(),
	);
	const redirectingUrl = `http://127.0.0.1:${await portOf(redirecting)}`;

	return {
		paths: [
			{ name: 'success', url: good.url },
			{ name: 'a refused item', url: refusing.url, fails: /in the past/ },
			{ name: 'a refused key', url: stranger.url, fails: /Missing API key/i },
			{ name: 'a page of a gateway', url: gateway.url, fails: /answered HTTP 502/ },
			{ name: 'a lost connection', url: resetting.url, fails: /connection was lost/ },
			{ name: 'a cut-off answer', url: cutting.url, fails: /was cut off/ },
			{ name: 'a redirect', url: redirectingUrl, fails: /HTTP 307 came back/ },
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

const credentialOf = (url: string) => ({ id: idOf(url), name: url });
export const idOf = (url: string) => url.replace(/\W/g, '').slice(-16).padStart(16, '0');

const cancel = (name: string, { url }: LeakPath, settings: NodeSettings = {}) =>
	reservationNode(
		name,
		credentialOf(url),
		// Each path is lost several times: with the usual patience the run would take half an hour.
		{ ...cancelById, options: { timeout: 2_000, giveUpAfter: 3 } },
		settings,
	);

/** All of the nodes beside each other, so that each gets the list whatever became of the others. */
function beside(id: string, nodes: Node[]) {
	const list = [setJson('List', { UltimoId: RESERVATIONS }), splitOut('Items', 'UltimoId')];
	const saved = { saveDataErrorExecution: 'all', saveDataSuccessExecution: 'all' };
	return { id: id.padEnd(16, '0'), ...workflow(id, [manualTrigger, ...list, nodes], saved) };
}

/** One workflow a path that stops on errors, and one with all paths that goes on in every way. */
export function workflows(paths: LeakPath[], elsewhereUrl: string) {
	const stopping = paths.map((path, index) => beside(`stops${index}`, [cancel(path.name, path)]));
	const goingOn = paths.flatMap((path) =>
		(['continueRegularOutput', 'continueErrorOutput'] as const).map((onError) =>
			cancel(`${path.name}, ${onError}`, path, {
				onError,
				retryOnFail: onError === 'continueRegularOutput',
				maxTries: 2,
			}),
		),
	);
	// The credential is for the first path's host only.
	const toAnother = httpRequest(
		'To another host',
		credentialOf(paths[0].url),
		{ url: elsewhereUrl },
		{ onError: 'continueRegularOutput' },
	);
	return { stopping, all: beside('goesOn', [...goingOn, toAnother]) };
}
