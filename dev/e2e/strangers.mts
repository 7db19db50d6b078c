import { execa } from 'execa';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import {
	createServer as createHttp,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { html } from '../ultimo/contract.mts';

/** Servers at which no Ultimo answers as it should, to be typed as Environment URL. */
export interface Strangers {
	/** Its certificate is signed by itself; behind it is the Ultimo at `behind`. */
	selfSigned: string;
	/** A web server that knows nothing of Ultimo. */
	webSite: string;
	stop(): Promise<void>;
}

export async function startStrangers(behind: string): Promise<Strangers> {
	const notFound: RequestListener = (_request, response) => {
		const { status, payload, contentType } = html(404, '404 - File or directory not found.');
		response.writeHead(status, { 'content-type': contentType }).end(payload);
	};
	const passOn = async (request: IncomingMessage, response: ServerResponse) => {
		const {
			host: _host,
			connection: _connection,
			'content-length': _length,
			...headers
		} = request.headers;
		const answer = await fetch(`${behind}${request.url}`, {
			method: request.method,
			headers: headers as Record<string, string>,
			body: Buffer.concat(await request.toArray()),
		});
		response.writeHead(answer.status, {
			'content-type': String(answer.headers.get('content-type')),
		});
		response.end(await answer.text());
	};

	const webSite = createHttp(notFound);
	const selfSigned = createHttps(await selfSignedCertificate(), (...call) => void passOn(...call));
	return {
		webSite: `http://127.0.0.1:${await portOf(webSite)}`,
		selfSigned: `https://127.0.0.1:${await portOf(selfSigned)}`,
		async stop() {
			for (const server of [webSite, selfSigned]) {
				server.close();
				server.closeAllConnections();
			}
		},
	};
}

async function portOf(server: Server): Promise<number> {
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return (server.address() as AddressInfo).port;
}

/** A new one each time: a private key in the repository would alarm whoever scans for secrets. */
async function selfSignedCertificate() {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-ultimo-certificate-'));
	const [keyFile, certFile] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
	try {
		const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
		const files = ['-keyout', keyFile, '-out', certFile];
		await execa('openssl', [
			...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'],
			...subject,
			...files,
		]);
		return { key: await readFile(keyFile), cert: await readFile(certFile) };
	} finally {
		await rm(folder, { recursive: true });
	}
}
