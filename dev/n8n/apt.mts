import { execa } from 'execa';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './cache.mts';

const LOCKED = /Could not get lock/;
const PATIENCE_MS = 5 * 60_000;
const WAIT_MS = 5_000;
const OPTIONS = ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=300'];

/** apt-get waits by itself for the lock of dpkg, but not for that of its lists. */
async function aptGet(args: string[], env: Record<string, string>): Promise<void> {
	const until = Date.now() + PATIENCE_MS;
	for (;;) {
		const run = await execa('apt-get', [...OPTIONS, ...args], { env, all: true, reject: false });
		if (!run.failed) return;
		if (!LOCKED.test(run.all) || Date.now() > until)
			throw new Error(`${run.shortMessage}\n${run.all}`);
		await sleep(WAIT_MS);
	}
}

const canBeRun = async (command: string) =>
	!(await execa('which', [command], { reject: false })).failed;

/**
 * Installs what of these commands cannot be run, if this process may: Debian calls the packages as
 * they are called.
 * @param reason why they are needed, for who has to install them
 * @param more packages to install with them
 * @throws Error with the command for it if this process may not
 */
export async function ensureCommands(
	commands: string[],
	reason: string,
	log: Log,
	more: string[] = [],
): Promise<void> {
	const found = await Promise.all(commands.map(canBeRun));
	const missing = commands.filter((_, index) => !found[index]);
	if (missing.length === 0) return;

	const packages = [...missing, ...more];
	if (process.getuid?.() !== 0 || !(await canBeRun('apt-get'))) {
		const command = `sudo apt-get install -y ${packages.join(' ')}`;
		throw new Error(
			`${missing.join(', ')} cannot be run: ${reason}. On Debian or Ubuntu: ${command}`,
		);
	}
	log(`Installing ${packages.join(', ')} with apt-get (running as root)`);
	// Debian starts what it installs, except in run level 1; what is started here has ports of its own.
	const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C', RUNLEVEL: '1' };
	await aptGet(['update'], env);
	await aptGet(['install', '-y', '--no-install-recommends', ...packages], env);
}
