import { hashSync } from 'bcryptjs';
import { delimiter } from 'node:path';

/** Made known on purpose: it opens throw-away instances on this machine's loopback only. */
export const OWNER = { email: 'owner@example.com', password: 'Ultimo-demo-1' };

/** No telemetry, no look-ups elsewhere, no pop-ups over the editor; reachable from this machine only. */
const CLOSED = {
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_HOST: '127.0.0.1',
	N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_DISABLED_MODULES: 'mcp-registry',
	// The editor is served without TLS.
	N8N_SECURE_COOKIE: 'false',
	// One key for every process and every kept folder, so that any of them can read the credentials.
	N8N_ENCRYPTION_KEY: 'n8n-nodes-ultimo-local-development',
};

export interface N8nEnvOptions {
	/** The folder of the pinned Node. */
	bin: string;
	/** n8n keeps everything in `<userFolder>/.n8n`. */
	userFolder: string;
	/** One of its own for every process on the machine. */
	brokerPort: number;
	port?: number;
}

/**
 * All that an n8n process gets to see. It does not inherit this process's environment, which may
 * hold secrets and settings that change what is tested, but for the path to system commands.
 */
export function n8nEnv({
	bin,
	userFolder,
	brokerPort,
	port,
}: N8nEnvOptions): Record<string, string> {
	return {
		...CLOSED,
		PATH: [bin, process.env.PATH].join(delimiter),
		HOME: userFolder,
		N8N_USER_FOLDER: userFolder,
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		...(port === undefined ? {} : { N8N_PORT: String(port) }),
	};
}

/** Makes `n8n start` create the owner's account, which the editor's first visitor would do by hand. */
export function ownerEnv(): Record<string, string> {
	return {
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: OWNER.email,
		N8N_INSTANCE_OWNER_FIRST_NAME: 'Demo',
		N8N_INSTANCE_OWNER_LAST_NAME: 'Owner',
		N8N_INSTANCE_OWNER_PASSWORD_HASH: hashSync(OWNER.password, 10),
	};
}
