import {
	GRACEFUL_SHUTDOWN_SECONDS,
	queueEnv,
	redisArguments,
	WORKER_COMMAND,
	workerEnv,
} from '../../dev/queue/env.mts';
import { readDeployment } from '../../dev/queue/deployment.mts';
import pinned from '../../dev/n8n/pinned/package.json';

const { compose, problems, composeText, dockerfile, example } = readDeployment();
const { main, worker, postgres, redis } = compose.services;

const shared = queueEnv({
	postgres: { port: 5432, database: 'n8n', user: 'n8n', password: '' },
	redis: { port: 6379, password: '' },
});
/** Any value; but a worker reads times and makes addresses just as main does. */
const OF_THE_PLACE = { GENERIC_TIMEZONE: '', WEBHOOK_URL: '' };
/** Where things are, and what is secret, differs between a test on one machine and a deployment. */
const OWN = /HOST$|ADDRESS$|PASSWORD$|ENCRYPTION_KEY$/;

describe('the compose file', () => {
	it('follows the compose specification', () => {
		expect(problems).toEqual([]);
	});

	it.each([
		['main', main, { ...shared, ...OF_THE_PLACE, N8N_SECURE_COOKIE: '' }],
		['worker', worker, { ...shared, ...OF_THE_PLACE, ...workerEnv(5678) }],
	])('gives %s the variables that the e2e tests', (_, { environment }, tested) => {
		const wanted = new Set(Object.keys(tested));
		wanted.add('N8N_ENCRYPTION_KEY');
		// In a container the health check listens for others by default.
		wanted.delete('N8N_WORKER_SERVER_ADDRESS');
		expect(new Set(Object.keys(environment))).toEqual(wanted);
		for (const [name, value] of Object.entries(tested)) {
			if (value !== '' && !OWN.test(name)) expect([name, environment[name]]).toEqual([name, value]);
		}
	});

	it('starts the workers as the e2e does', () => {
		expect(worker.command?.split(' ')).toEqual(WORKER_COMMAND);
		const password = '${REDIS_PASSWORD:?see';
		expect(redis.command?.split(' ')).toEqual([
			'redis-server',
			...redisArguments(password),
			'.env.example}',
		]);
	});

	it('lets a worker finish before it is killed', () => {
		expect(parseInt(worker.stop_grace_period ?? '', 10)).toBeGreaterThan(GRACEFUL_SHUTDOWN_SECONDS);
	});

	it('checks the health of everything', () => {
		for (const service of Object.values(compose.services)) {
			expect(service.healthcheck).toHaveProperty('test');
		}
	});

	it.each(Object.entries(compose.services))('lets %s gain no rights', (name, service) => {
		expect(service.security_opt).toEqual(['no-new-privileges:true']);
		expect(service.cap_drop).toEqual(['ALL']);
		// n8n writes to its home.
		const keepsData = name === 'postgres' || name === 'redis';
		expect(service.read_only ?? false).toBe(keepsData);
		expect(service.user).toBe(keepsData ? name : undefined);
	});

	it('keeps database and queue to those that need them, and away from the world', () => {
		expect([main, worker, postgres, redis].map(({ networks }) => networks)).toEqual([
			['outside', 'database', 'queue'],
			['outside', 'database', 'queue'],
			['database'],
			['queue'],
		]);
		const { outside, database, queue } = compose.networks;
		expect([outside?.internal, database?.internal, queue?.internal]).toEqual([
			undefined,
			true,
			true,
		]);
		expect(main.ports).toEqual(['127.0.0.1:5678:5678']);
		expect([worker.ports, postgres.ports, redis.ports]).toEqual([undefined, undefined, undefined]);
	});

	it('asks only for variables that the example names, and the example holds no secret', () => {
		const asked = new Set([...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
		const lines = [...example.matchAll(/^(\w+)=(.*)$/gm)];
		expect(new Set(lines.map(([, name]) => name))).toEqual(asked);
		const filled = lines.filter(([, , value]) => value !== '').map(([, name]) => name);
		expect(filled).toEqual(['WEBHOOK_URL', 'N8N_SECURE_COOKIE']);
	});
});

describe('the image', () => {
	it('is made of the n8n that is tested', () => {
		const { n8n } = pinned.dependencies;
		expect(dockerfile).toContain(`FROM n8nio/n8n:${n8n}\n`);
		expect(composeText).toContain(`image: n8n-with-ultimo:${n8n}\n`);
	});
});
