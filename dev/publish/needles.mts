import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A secret in one of the forms in which software passes text on. */
export interface Needle {
	form: string;
	bytes: Buffer;
}

/**
 * What of a text's base64 is the same whatever stands before and after it: three bytes become four
 * characters, so there are three ways in which it can be cut, and characters at the ends are shared.
 */
function base64Cores(text: string, encoding: 'base64' | 'base64url'): string[] {
	return [0, 1, 2].map((before) => {
		const encoded = Buffer.from(' '.repeat(before) + text).toString(encoding);
		return encoded.replace(/=+$/, '').slice(before === 0 ? 0 : before + 1, -2);
	});
}

export function needles(secret: string, name: string): Needle[] {
	const forms: Array<[form: string, text: string | Buffer]> = [
		['plain', secret],
		['as in a URL', encodeURIComponent(secret)],
		['as in a form', new URLSearchParams({ k: secret }).toString().slice(2)],
		['in JSON that escapes slashes', secret.replaceAll('/', '\\/')],
		...base64Cores(secret, 'base64').map((core) => ['base64', core] as [string, string]),
		...base64Cores(secret, 'base64url').map((core) => ['base64url', core] as [string, string]),
		['hexadecimal', Buffer.from(secret).toString('hex')],
		['UTF-16', Buffer.from(secret, 'utf16le')],
	];
	return forms.map(([form, text]) => ({
		form: `${name}, ${form}`,
		bytes: Buffer.from(text as string),
	}));
}

/** Where the needles are in some text or bytes: "form in place". */
export function find(some: Needle[], place: string, hay: string | Buffer): string[] {
	const bytes = Buffer.from(hay as string);
	return some
		.filter((needle) => bytes.includes(needle.bytes))
		.map(({ form }) => `${form} in ${place}`);
}

/** The same for all files of a folder, read byte by byte: a database with its log is just files. */
export async function findInFiles(some: Needle[], folder: string) {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const found: string[] = [];
	const files = entries.filter((entry) => entry.isFile());
	let bytes = 0;
	for (const { parentPath, name } of files) {
		const path = join(parentPath, name);
		const content = await readFile(path);
		bytes += content.length;
		found.push(...find(some, relative(folder, path), content));
	}
	return { found, files: files.length, bytes };
}
