import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What the package's code looks like; design rules that a reviewer would otherwise have to watch. */
const files = ['nodes', 'credentials'].flatMap((folder) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name)),
);
const source = (file: string) => readFileSync(file, 'utf8');

/** The rooms, and which others each may enter: always down the list, never up. */
const ROOMS = [
	['node', 'items', 'trigger', 'methods', 'operations', 'transport'],
	['items', 'operations', 'reservations', 'objects', 'fields', 'transport'],
	['trigger', 'operations', 'reservations', 'objects', 'fields', 'transport'],
	['methods', 'operations', 'reservations', 'objects', 'fields', 'transport'],
	['operations', 'reservations', 'objects', 'fields', 'transport'],
	['reservations', 'objects', 'fields', 'transport'],
	['objects', 'fields', 'transport'],
	['fields', 'transport'],
	['transport'],
];
const roomOf = (file: string) => /nodes\/Ultimo\/([^/]+)\//.exec(file)?.[1] ?? 'node';

function importsOf(file: string): string[] {
	return ts
		.preProcessFile(source(file))
		.importedFiles.map(({ fileName }) => fileName)
		.filter((name) => name.startsWith('.'))
		.map((name) => join(dirname(file), name))
		.map((path) => [`${path}.ts`, join(path, 'index.ts')].find((one) => files.includes(one))!);
}

/** Texts, numbers and patterns of a file; comments may say a fact again. */
function literalsOf(file: string): string[] {
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isLiteralExpression(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
			found.push(node.text);
		} else if (node.kind === ts.SyntaxKind.TemplateHead) {
			found.push((node as ts.TemplateHead).text);
		}
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, source(file), ts.ScriptTarget.Latest));
	return found;
}

it.each(files.map((file) => [file]))('%s enters only rooms that it may', (file) => {
	const room = roomOf(file);
	const allowed = [room, ...(ROOMS.find(([name]) => name === room) ?? []).slice(1)];
	expect(importsOf(file).filter((other) => !allowed.includes(roomOf(other)))).toEqual([]);
});

it('no file needs itself by way of others', () => {
	const needs = new Map(files.map((file) => [file, importsOf(file)]));
	const circle = (file: string, way: string[]): string[] | undefined => {
		if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
		for (const next of needs.get(file)!) {
			const found = circle(next, [...way, file]);
			if (found) return found;
		}
		needs.set(file, []);
		return undefined;
	};
	expect(files.map((file) => circle(file, [])).filter(Boolean)).toEqual([]);
});

it.each(files.map((file) => [file]))('%s has no more than 200 lines', (file) => {
	expect(source(file).trimEnd().split('\n').length).toBeLessThanOrEqual(200);
});

it.each([
	{ fact: 'the code of a taken space', literal: /\b1015\b/, file: 'transport/codes.ts' },
	{ fact: 'the code of the past', literal: /\b1166\b/, file: 'transport/codes.ts' },
	{ fact: 'what to do about a lost answer', literal: /Look in Ultimo/, file: 'transport/codes.ts' },
	{ fact: "Ultimo's usual status", literal: /processed/i, file: 'reservations/list.ts' },
	{ fact: 'the quota in words', literal: /requests in /, file: 'transport/limits.ts' },
	{ fact: 'the type of a body', literal: /application\/json/, file: 'transport/request.ts' },
	{ fact: 'the header with the key', literal: /^ApiKey$/, file: 'transport/credential.ts' },
	{
		fact: "the vendor's element ids",
		literal: /[0-9a-f]{8}-[0-9a-f]{4}-/,
		file: 'transport/endpoints.ts',
	},
	{ fact: 'the path of the API', literal: /api\/v1\/action/, file: 'transport/endpoints.ts' },
])('$fact stands in $file only', ({ literal, file }) => {
	const having = files.filter((one) => literalsOf(one).some((text) => literal.test(text)));
	expect(having).toEqual([join('nodes/Ultimo', file)]);
});

it('n8n loads at its start no loop, no poll and nothing that sends', () => {
	const list = "require('./index.js'); console.log(Object.keys(require.cache).join('\\n'))";
	const loaded = execFileSync(process.execPath, ['-e', list], { encoding: 'utf8' });
	expect(loaded).toContain(join('dist', 'nodes', 'Ultimo', 'operations', 'index.js'));
	expect(loaded).not.toMatch(/items.run|trigger.poll|transport.(request|gate|credential)\b/);
});
