import { execa } from 'execa';
import { setTimeout as sleep } from 'node:timers/promises';

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

export interface Missing {
	packages: string[];
	/** Why they are needed; what the user reads who has to install them. */
	reason: string;
	env?: Record<string, string>;
}

/** Installs Debian's packages if this process may. @throws Error with the command for it if not */
export async function aptInstall(
	{ packages, reason, env }: Missing,
	log: (line: string) => void,
): Promise<void> {
	const isRoot = process.getuid?.() === 0;
	if (!isRoot || (await execa('apt-get', ['--version'], { reject: false })).failed) {
		const command = `sudo apt-get install -y ${packages.join(' ')}`;
		throw new Error(`${reason} On Debian or Ubuntu: ${command}`);
	}
	log(`Installing ${packages.join(', ')} with apt-get (running as root)`);
	const all = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C', ...env };
	await aptGet(['update'], all);
	await aptGet(['install', '-y', '--no-install-recommends', ...packages], all);
}
