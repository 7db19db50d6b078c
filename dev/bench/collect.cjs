// Loaded into n8n by NODE_OPTIONS: at SIGUSR2 V8 collects all garbage and gives its memory back, as it
// does by itself at times of its own.
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
	collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
});
