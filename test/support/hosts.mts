import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import { certificate } from '../../dev/certificate.mts';
import { portOf } from '../../dev/n8n/ports.mts';

/** A host of this machine with all that reached it, read as its owner can. */
export interface Host {
	url: string;
	/** Its certificate, which nobody trusts. */
	ca: string;
	/** Every byte of every request, decrypted. */
	read(): string;
	/** The requests that it answered. */
	requests(): number;
	stop(): Promise<void>;
}

/** @param answer without it, every request succeeds */
export async function host(
	scheme: 'http' | 'https',
	answer: RequestListener = succeed,
): Promise<Host> {
	const { cert, key } = await certificate();
	let text = '';
	let requests = 0;
	const sockets = new Set<Socket>();
	const onRequest: RequestListener = (request, response) => {
		requests++;
		answer(request, response);
	};
	const listen = (socket: Socket) => {
		sockets.add(socket);
		socket.on('data', (data) => (text += data.toString('latin1')));
		socket.on('error', () => socket.destroy());
	};
	const server: Server =
		scheme === 'http' ? createHttp(onRequest) : createHttps({ cert, key }, onRequest);
	server.on(scheme === 'http' ? 'connection' : 'secureConnection', listen);
	// As a proxy: what is meant for another host ends here, and looks as if that had answered.
	server.on('connect', (_request, socket: Socket) => {
		socket.write('HTTP/1.1 200 OK\r\n\r\n');
		const inside = new TLSSocket(socket, { isServer: true, cert, key });
		listen(inside);
		createHttp(onRequest).emit('connection', inside);
	});
	return {
		url: `${scheme}://127.0.0.1:${await portOf(server)}`,
		ca: cert,
		read: () => text,
		requests: () => requests,
		stop: async () => {
			for (const socket of sockets) socket.destroy();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function succeed(...[, response]: Parameters<RequestListener>): void {
	response.setHeader('content-type', 'application/json');
	response.end('{"properties":{}}');
}
