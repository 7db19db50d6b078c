const { execFile } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { Transform } = require('node:stream');
const { promisify } = require('node:util');
const { dest, parallel, series, src, watch } = require('gulp');

const sources = ['nodes/**/*.ts', 'credentials/**/*.ts'];
// What the editor reads beside the code: icons, codex files and output schemas.
const assets = ['nodes/**/*.svg', 'nodes/**/*.json'];

const clean = () => rm('dist', { recursive: true, force: true });

async function run(bin, ...args) {
	await promisify(execFile)(process.execPath, [require.resolve(bin), ...args]).catch(
		({ stdout, message }) => {
			throw new Error(stdout || message);
		},
	);
}

async function compile() {
	await run('typescript/bin/tsc');
	// Readable, but small: the compiler's own spaces are a tenth of all that would ship.
	const layout = ['--print-width=200', '--object-wrap=collapse', '--trailing-comma=none'];
	const small = [...layout, '--no-semi', '--no-bracket-spacing', '--arrow-parens=avoid'];
	const all = ['--write', 'dist/**/*.js', '--ignore-path=none', ...small];
	await run('prettier/bin/prettier.cjs', ...all);
}

const withoutBlanks = () =>
	new Transform({
		objectMode: true,
		transform(file, _encoding, done) {
			if (file.extname === '.json') {
				file.contents = Buffer.from(JSON.stringify(JSON.parse(file.contents)));
			}
			done(null, file);
		},
	});

const copy = () =>
	src(assets, { base: '.', encoding: false }).pipe(withoutBlanks()).pipe(dest('dist'));

const build = series(clean, parallel(compile, copy));

function watchAll() {
	// Cleaning on every change would pull the files from under a running n8n.
	watch(sources, compile);
	watch(assets, copy);
}

exports.clean = clean;
exports.compile = compile;
exports.copy = copy;
exports.build = build;
exports.watch = series(build, watchAll);
exports.default = build;
