import { execa, type Options } from 'execa';
import { onInterrupt } from '../n8n/cleanup.mts';

const READY_TIMEOUT_MS = 60_000;

export interface ServerOptions {
	command: string;
	args: string[];
	/** What it prints once it takes connections. */
	ready: RegExp;
	cwd: string;
	uid?: number;
	gid?: number;
}

export interface Server {
	stop(signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<void>;
}

/** Starts a server that is ended with this process; resolves when it is ready. */
export async function startServer({
	command,
	args,
	ready,
	...given
}: ServerOptions): Promise<Server> {
	const settings = {
		...given,
		env: { PATH: process.env.PATH, LC_ALL: 'C' },
		extendEnv: false,
		all: true,
		reject: false,
		stdin: 'ignore',
	} as const satisfies Options;
	const child = execa(command, args, settings);
	const stop: Server['stop'] = async (signal = 'SIGTERM') => {
		forget();
		child.kill(signal);
		await child;
	};
	const forget = onInterrupt(async () => await stop('SIGINT'));

	let printed = '';
	const isReady = new Promise<boolean>((resolve) => {
		child.all.on('data', (chunk: Buffer) => {
			printed += chunk.toString();
			if (ready.test(printed)) resolve(true);
		});
		void child.then(() => resolve(false));
		setTimeout(() => resolve(false), READY_TIMEOUT_MS).unref();
	});
	if (!(await isReady)) {
		await stop('SIGKILL');
		throw new Error(`${command} did not get ready:\n${printed}`);
	}
	return { stop };
}
