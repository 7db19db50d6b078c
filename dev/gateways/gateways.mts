import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../n8n/cache.mts';
import { ensureCommands } from '../n8n/apt.mts';
import { freePort } from '../n8n/ports.mts';
import { startServer, type Server } from '../queue/server.mts';
import { KINDS, type Kind } from '../zoo/limiters.mts';

/** A gateway that anybody could put before Ultimo, with "100 requests per 10 seconds" in its words. */
export interface Gateway {
	name: string;
	/** What it does, as far as time goes. */
	kind: Kind;
	command: string;
	/** What it prints once it takes connections. */
	ready: RegExp;
	args(folder: string): string[];
	config(folder: string, port: number, upstream: string): string;
}

const kindOf = (name: string) => KINDS.find((kind) => kind.name === name) as Kind;

const nginx = (burst: number, kind: string): Gateway => ({
	name: `nginx, limit_req 10r/s, burst ${burst}`,
	kind: kindOf(kind),
	command: 'nginx',
	ready: /start worker process/,
	args: (folder) => ['-p', folder, '-c', join(folder, 'config')],
	config: (folder, port, upstream) => `
		${process.getuid?.() === 0 ? 'user root;' : ''}
		daemon off;
		worker_processes 1;
		pid ${folder}/pid;
		error_log stderr notice;
		events {}
		http {
			access_log off;
			${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
				.map((use) => `${use}_temp_path ${folder}/${use};`)
				.join('\n')}
			limit_req_zone $binary_remote_addr zone=ultimo:1m rate=10r/s;
			limit_req_status 429;
			limit_req_log_level info;
			server {
				listen 127.0.0.1:${port};
				location / {
					limit_req zone=ultimo burst=${burst} nodelay;
					proxy_pass http://${upstream};
				}
			}
		}`,
});

export const GATEWAYS: Gateway[] = [
	{
		name: 'HAProxy, http_req_rate over 10 s',
		kind: kindOf('sliding counter'),
		command: 'haproxy',
		ready: /polling mechanism/,
		args: (folder) => ['-V', '-db', '-f', join(folder, 'config')],
		config: (_, port, upstream) => `
			global
				maxconn 500
			defaults
				mode http
				timeout connect 5s
				timeout client 120s
				timeout server 120s
			frontend ultimo
				bind 127.0.0.1:${port}
				stick-table type ip size 1k expire 60s store http_req_rate(10s)
				http-request track-sc0 src
				http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100 }
				default_backend local
			backend local
				server local ${upstream}
			`,
	},
	nginx(99, 'bucket of 100'),
	nginx(19, 'bucket of 20'),
];

export const ensureGateways = async (log: Log) =>
	await ensureCommands(['haproxy', 'nginx'], 'they are the gateways', log);

/** Puts a gateway before an Ultimo, on 127.0.0.1. */
export async function startGateway(
	{ command, args, config, ready }: Gateway,
	ultimoUrl: string,
): Promise<Server & { url: string }> {
	const folder = await mkdtemp(join(tmpdir(), 'ultimo-gateway-'));
	const port = await freePort();
	await writeFile(join(folder, 'config'), `${config(folder, port, new URL(ultimoUrl).host)}\n`);
	const server = await startServer({ command, args: args(folder), ready, cwd: folder });
	return {
		url: `http://127.0.0.1:${port}`,
		async stop(signal) {
			await server.stop(signal);
			await rm(folder, { recursive: true });
		},
	};
}
