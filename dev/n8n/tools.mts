import { execa } from 'execa';
import { aptInstall } from './apt.mts';

const TOOLS = ['python3', 'make', 'g++'];

async function missingTools(): Promise<string[]> {
	const found = await Promise.all(
		TOOLS.map(async (tool) => !(await execa(tool, ['--version'], { reject: false })).failed),
	);
	return TOOLS.filter((_, index) => !found[index]);
}

/**
 * n8n's sqlite3 driver is compiled where no prebuilt one can be had, which takes tools that npm
 * does not bring. Asked for before the long download, not after it.
 */
export async function ensureBuildTools(log: (line: string) => void): Promise<void> {
	const missing = await missingTools();
	if (missing.length === 0) return;

	const reason = `n8n's sqlite3 driver may have to be compiled, and ${missing.join(', ')} cannot be run.`;
	await aptInstall({ packages: missing, reason }, log);
}
