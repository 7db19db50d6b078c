import { parseArgs } from 'node:util';
import { defaults } from './options.mts';
import { inThePast } from './refusals.mts';
import { startUltimo } from './server.mts';

const usage = `tsx dev/ultimo/main.mts [options]
  --port N       port on 127.0.0.1 (5080)
  --key KEY      the API key to accept (${defaults.apiKey})
  --quota N      requests per 10 seconds, 0 for no quota (100)
  --refuse ID    refuse to cancel or update this reservation; may be repeated
  --latency MS   delay of each answer (0)
  --faults RATE  share of the requests that meet a fault, 0 to 1 (0)
  --fault-seed N which of them, and which faults (1)`;

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '5080' },
		key: { type: 'string', default: defaults.apiKey },
		quota: { type: 'string', default: '100' },
		refuse: { type: 'string', multiple: true, default: [] },
		latency: { type: 'string', default: '0' },
		faults: { type: 'string', default: '0' },
		'fault-seed': { type: 'string', default: '1' },
		help: { type: 'boolean', default: false },
	},
});

if (values.help) {
	console.log(usage);
	process.exit();
}

const ultimo = await startUltimo({
	port: Number(values.port),
	apiKey: values.key,
	requestsPerWindow: Number(values.quota),
	latencyMs: Number(values.latency),
	refuse: Object.fromEntries(values.refuse.map((id) => [id, inThePast])),
	faults: { seed: Number(values['fault-seed']), rate: Number(values.faults) },
});
console.log(`Ultimo listens on ${ultimo.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void ultimo.stop());
