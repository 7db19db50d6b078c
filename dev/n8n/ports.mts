import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/**
 * Below what Linux, macOS and Windows hand out themselves: to connections, and to servers that ask
 * for any port. One of those may take such a port before who asked for it here listens there.
 */
const RANGE = [20_000, 32_000] as const;
const given = new Set<number>();

function another(): number {
	const port = randomInt(...RANGE);
	return given.has(port) ? another() : port;
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer().listen(port, '127.0.0.1');
	try {
		await once(server, 'listening');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
		throw error;
	}
	server.close();
	await once(server, 'close');
	return true;
}

/** `wanted` if nothing listens on it, else one that was not given before. */
export async function freePort(wanted = another()): Promise<number> {
	given.add(wanted);
	return (await isFree(wanted)) ? wanted : await freePort();
}

/** Has a server listen on this machine only. @returns on which port */
export async function portOf(server: Server): Promise<number> {
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return (server.address() as AddressInfo).port;
}
