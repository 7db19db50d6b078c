import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { aptInstall } from '../n8n/apt.mts';

const PATH = '/usr/bin/chromium';

/**
 * Debian's Chromium: playwright's own browsers come from a host that is not reachable everywhere.
 * With it openssl, which makes the certificate of a test; Node.js has no means to.
 */
async function ensureChromium(log: (line: string) => void): Promise<void> {
	const hasOpenssl = !(await execa('openssl', ['version'], { reject: false })).failed;
	if (existsSync(PATH) && hasOpenssl) return;
	const reason = `${PATH} or openssl is missing.`;
	await aptInstall({ packages: ['chromium', 'fonts-liberation', 'openssl'], reason }, log);
}

export async function launchChromium(log: (line: string) => void): Promise<Browser> {
	await ensureChromium(log);
	return await chromium.launch({
		executablePath: PATH,
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
	});
}
