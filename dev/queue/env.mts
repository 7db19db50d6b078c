/** Where the services of one n8n in queue mode listen. */
export interface Services {
	postgres: { port: number; database: string; user: string; password: string };
	redis: { port: number; password: string };
}

/** Executions that one worker carries out at a time. */
export const CONCURRENCY = 10;

/** Longer than the longest run that a worker should be let finish when it is told to stop. */
export const GRACEFUL_SHUTDOWN_SECONDS = 300;

/**
 * What every process of one n8n in queue mode needs, beside one encryption key. `docs/deploy/compose.yaml`
 * sets the same variables; a test holds the two against each other.
 */
export function queueEnv({ postgres, redis }: Services): Record<string, string> {
	return {
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_DATABASE: postgres.database,
		DB_POSTGRESDB_USER: postgres.user,
		DB_POSTGRESDB_PASSWORD: postgres.password,
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		QUEUE_BULL_REDIS_PASSWORD: redis.password,
	};
}

/** What a worker needs beside {@link queueEnv}. */
export function workerEnv(healthPort: number): Record<string, string> {
	return {
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: String(GRACEFUL_SHUTDOWN_SECONDS),
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(healthPort),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
	};
}

export const WORKER_COMMAND = ['worker', `--concurrency=${CONCURRENCY}`];

/**
 * Has Redis write its data down as it comes: without it a restart forgets the executions that wait
 * for a worker. Who reaches a Redis without a password can put jobs into n8n's queue.
 */
export function redisArguments(password: string): string[] {
	return ['--appendonly', 'yes', '--requirepass', password];
}
