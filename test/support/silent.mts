import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real server on this machine that takes requests and never answers. */
export async function silentServer() {
	let requests = 0;
	const server = createServer(() => void requests++);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests: () => requests,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
