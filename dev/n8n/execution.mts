/** The parts of an execution's JSON that are read here; n8n puts more in it. */
export interface Execution {
	status: string;
	data: {
		resultData: {
			error?: NodeFailure;
			lastNodeExecuted?: string;
			runData: Record<string, NodeRun[]>;
		};
	};
}

interface NodeFailure {
	message: string;
	description?: string | null;
	context?: Record<string, unknown>;
}

interface NodeRun {
	executionStatus: string;
	error?: NodeFailure;
	data?: { main: Array<Item[] | null> };
}

export interface Item {
	json: Record<string, unknown>;
	pairedItem?: unknown;
}

/** `n8n execute` prints log lines around the JSON, which starts and ends with a brace alone on its line. */
export function parseExecution(stdout: string): Execution | undefined {
	const lines = stdout.split(/\r?\n/);
	const start = lines.indexOf('{');
	const end = lines.indexOf('}', start);
	if (start < 0 || end < 0) return undefined;
	return JSON.parse(lines.slice(start, end + 1).join('\n')) as Execution;
}

/** What left the node's first output in its last run. */
export function itemsOf(execution: Execution | undefined, nodeName: string): Item[] {
	return execution?.data.resultData.runData[nodeName]?.at(-1)?.data?.main[0] ?? [];
}
