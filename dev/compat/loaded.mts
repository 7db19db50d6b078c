import { appendFileSync } from 'node:fs';
import { afterAll } from '@jest/globals';

// Jest's own registry: what the tests really loaded, and from where, whatever the settings say.
afterAll(() => {
	const paths = Object.keys(require.cache).filter((path) => /[\\/]node_modules[\\/]/.test(path));
	appendFileSync(process.env.COMPAT_LOADED as string, `${paths.join('\n')}\n`);
});
