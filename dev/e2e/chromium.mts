import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PATH = '/usr/bin/chromium';

/** Debian's Chromium: playwright's own browsers come from a host that is not reachable everywhere. */
async function ensureChromium(log: (line: string) => void): Promise<void> {
	if (existsSync(PATH)) return;
	const isRoot = process.getuid?.() === 0;
	if (!isRoot || (await execa('apt-get', ['--version'], { reject: false })).failed) {
		throw new Error(
			`${PATH} is missing. On Debian: sudo apt-get install -y chromium fonts-liberation`,
		);
	}
	log('Installing chromium and fonts-liberation with apt-get (running as root)');
	const env = { DEBIAN_FRONTEND: 'noninteractive' };
	await execa('apt-get', ['update'], { env });
	const packages = ['chromium', 'fonts-liberation'];
	await execa('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
}

export async function launchChromium(log: (line: string) => void): Promise<Browser> {
	await ensureChromium(log);
	return await chromium.launch({
		executablePath: PATH,
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
	});
}
