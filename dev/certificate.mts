import { generate } from 'selfsigned';

/** For a server on this machine, and nobody vouches for it. */
export async function certificate() {
	const name = [{ name: 'commonName', value: '127.0.0.1' }];
	const altNames = [
		{ type: 7, ip: '127.0.0.1' },
		{ type: 2, value: 'localhost' },
	] as const;
	const { cert, private: key } = await generate(name, {
		keyType: 'ec',
		extensions: [{ name: 'subjectAltName', altNames: [...altNames] }],
	});
	return { cert, key };
}
