import { parseArgs, type ParseArgsConfig } from 'node:util';
import { leave } from './n8n/cleanup.mts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

const started = Date.now();
export const secondsSoFar = () => (Date.now() - started) / 1000;

export const say = (line: string) =>
	console.log(`[${secondsSoFar().toFixed(1).padStart(6)} s] ${line}`);

/** What the program was called with; asked for `--help`, it prints its usage instead and ends. */
export function readArguments<const T extends Options>(
	usage: string,
	options: T,
	allowPositionals = false,
) {
	const config = { options: { ...options, help: { type: 'boolean' } }, allowPositionals };
	const { values, positionals } = parseArgs(config as ParseArgsConfig);
	if (values.help) {
		console.log(usage);
		process.exit();
	}
	return { values: values as Values<T>, positionals };
}

/** Runs a program to its end, whatever still listens or waits then. */
export async function run(main: () => Promise<void>): Promise<void> {
	await main().catch((error: Error) => {
		console.error(`FAILED: ${error.stack}`);
		process.exitCode = 1;
	});
	leave();
}
