import { createServer } from 'node:http';

import { portOf } from '../../dev/n8n/ports.mts';

/** A real server on this machine that takes requests and never answers. */
export async function silentServer() {
	let requests = 0;
	const server = createServer(() => void requests++);
	return {
		url: `http://127.0.0.1:${await portOf(server)}`,
		requests: () => requests,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
