// Loaded into n8n by NODE_OPTIONS: SIGUSR2 collects garbage, as V8 does by itself at times of its own.
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => collect());
