export interface Finding {
	level: 'error' | 'warning';
	text: string;
}

export interface Check {
	title: string;
	/** How many files, facts or verdicts it looked at; with 0 it checked nothing, which is a failure. */
	looked: number;
	findings: Finding[];
}

export const error = (text: string): Finding => ({ level: 'error', text });

/** All that is wrong, a check that looked at nothing included. */
export function findingsOf({ title, looked, findings }: Check): Finding[] {
	return looked > 0 ? findings : [...findings, error(`${title}: it looked at nothing`)];
}

function counts(findings: Finding[]): string {
	const errors = findings.filter(({ level }) => level === 'error').length;
	return `${errors} errors, ${findings.length - errors} warnings`;
}

/** @returns whether nothing at all was found, warnings included */
export function report(checks: Check[], print: (line: string) => void): boolean {
	for (const check of checks) {
		const findings = findingsOf(check);
		print(`  ${check.title} (looked at ${check.looked}): ${counts(findings)}`);
		for (const { level, text } of findings) print(`    ${level}: ${text}`);
	}
	const all = checks.flatMap(findingsOf);
	print(`${checks.length} checks: ${counts(all)}`);
	return all.length === 0;
}
