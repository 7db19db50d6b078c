import { randomBytes } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Violation {
	what: string;
	/** Makes the unpacked package in `folder` bad. */
	plant(folder: string): Promise<void>;
	/** What the finding must say, so that no other one passes for it. */
	found: RegExp;
}

const NODE = 'dist/nodes/Ultimo';

const append = (path: string, text: string) => async (folder: string) =>
	await appendFile(join(folder, path), text);
const put = (path: string, text: string) => async (folder: string) =>
	await writeFile(join(folder, path), text);
const remove = (path: string) => async (folder: string) => await rm(join(folder, path));

const manifest = (changes: object) => async (folder: string) => {
	const file = join(folder, 'package.json');
	const before = JSON.parse(await readFile(file, 'utf8'));
	await writeFile(file, JSON.stringify({ ...before, ...changes }, null, '\t'));
};

/** One of every kind that a check of `scan.mts` is there for. */
export const violations: Violation[] = [
	{
		what: 'code that reads the environment of n8n',
		plant: append(`${NODE}/transport/request.js`, 'exports.home = process.env.HOME;\n'),
		found: /request\.js:\d+ .*process.*no-restricted-globals/,
	},
	{
		what: 'the same under an eslint-disable comment',
		plant: append(
			`${NODE}/transport/request.js`,
			'/* eslint-disable */\nexports.home = process.env.HOME;\n',
		),
		found: /request\.js:\d+ .*process.*no-restricted-globals/,
	},
	{
		what: 'a module that n8n does not give',
		plant: append(`${NODE}/transport/request.js`, "require('axios');\n"),
		found: /axios.*no-restricted-imports/,
	},
	{
		what: 'a line to the console',
		plant: append(`${NODE}/transport/request.js`, "exports.say = () => console.log('sent');\n"),
		found: /no-console/,
	},
	{
		what: 'a runtime dependency',
		plant: manifest({ dependencies: { luxon: '^3.7.2' } }),
		found: /no-runtime-dependencies/,
	},
	{
		what: 'a script that runs at installation',
		plant: manifest({ scripts: { postinstall: 'node index.js' } }),
		found: /package\.json has a script postinstall/,
	},
	{
		what: 'a main file that is not there',
		plant: manifest({ main: 'main.js' }),
		found: /main.*main\.js.*(does not exist|not published)/,
	},
	{
		what: 'a node that is not there',
		plant: remove(`${NODE}/UltimoReservation.node.js`),
		found: /UltimoReservation\.node\.js: Cannot find module/,
	},
	{
		what: 'an icon that is not there',
		plant: remove(`${NODE}/ultimo.dark.svg`),
		found: /no icon .*ultimo\.dark\.svg/,
	},
	{
		what: 'a file of the code that is not there',
		plant: remove(`${NODE}/transport/retry.js`),
		found: /Cannot find module .*retry/,
	},
	{
		what: 'a test',
		plant: put(`${NODE}/transport/quota.test.js`, 'exports.nothing = 1;\n'),
		found: /quota\.test\.js is a test/,
	},
	{
		what: 'a source map that is not there',
		plant: append('index.js', '//# sourceMappingURL=index.js.map\n'),
		found: /source map that is not there/,
	},
	{
		what: 'a large file',
		plant: put('dist/large.json', `"${randomBytes(100_000).toString('hex')}"`),
		found: /bytes packed, over/,
	},
];
