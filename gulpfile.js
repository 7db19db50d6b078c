const { execFile } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { promisify } = require('node:util');
const { dest, parallel, series, src, watch } = require('gulp');

const sources = ['nodes/**/*.ts', 'credentials/**/*.ts'];
// What the editor reads beside the code: icons, codex files and output schemas.
const assets = ['nodes/**/*.svg', 'nodes/**/*.json'];

const clean = () => rm('dist', { recursive: true, force: true });

const compile = () =>
	promisify(execFile)(process.execPath, [require.resolve('typescript/bin/tsc')]).catch(
		({ stdout, message }) => {
			throw new Error(stdout || message);
		},
	);

const copy = () => src(assets, { base: '.', encoding: false }).pipe(dest('dist'));

const build = series(clean, parallel(compile, copy));

function watchAll() {
	// Cleaning on every change would pull the files from under a running n8n.
	watch(sources, compile);
	watch(assets, copy);
}

module.exports = { clean, compile, copy, build, watch: series(build, watchAll), default: build };
