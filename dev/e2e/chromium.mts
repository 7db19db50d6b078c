import { chromium, type Browser } from 'playwright-core';
import { ensureCommands } from '../n8n/apt.mts';
import type { Log } from '../n8n/cache.mts';

/** Debian's Chromium: playwright's own browsers come from a host that is not reachable everywhere. */
export async function launchChromium(log: Log): Promise<Browser> {
	await ensureCommands(['chromium'], "it opens n8n's editor", log, ['fonts-liberation']);
	return await chromium.launch({
		executablePath: '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
	});
}
