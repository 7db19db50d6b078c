/** A Markdown table whose columns are the keys of the first row. */
export function markdown(rows: Array<Record<string, string | number>>): string {
	const columns = Object.keys(rows[0] ?? {});
	const lines = [
		columns,
		columns.map(() => '---'),
		...rows.map((row) => columns.map((c) => row[c])),
	];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
