import { createServer } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { certificate } from '../certificate.mts';
import { portOf } from '../n8n/ports.mts';
import { html } from '../ultimo/contract.mts';

/** Servers at which no Ultimo answers as it should, to be typed as Environment URL. */
export interface Strangers {
	/** Its certificate is signed by itself; behind it is the Ultimo at `behind`. */
	selfSigned: string;
	/** A web server that knows nothing of Ultimo. */
	webSite: string;
	stop(): void;
}

export async function startStrangers(behind: string): Promise<Strangers> {
	const webSite = createServer((_request, response) => {
		const { status, payload, contentType } = html(404, '404 - File or directory not found.');
		response.writeHead(status, { 'content-type': contentType }).end(payload);
	});
	const { hostname, port } = new URL(behind);
	const selfSigned = createTlsServer(await certificate(), (socket) => {
		// Either side may hang up.
		pipeline(socket, connect(Number(port), hostname), socket, () => {});
	});
	return {
		webSite: `http://127.0.0.1:${await portOf(webSite)}`,
		selfSigned: `https://127.0.0.1:${await portOf(selfSigned)}`,
		stop() {
			webSite.close().closeAllConnections();
			selfSigned.close();
		},
	};
}
