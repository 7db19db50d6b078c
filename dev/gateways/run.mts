import { readArguments, run, say } from '../cli.mts';
import { ensureGateways, GATEWAYS, type Gateway } from './gateways.mts';
import { throttled, type Work } from './throttled.mts';

const USAGE = `npm run gateways   the node's transport against a real HAProxy and nginx that throttle`;

/** Of the time that the gateway's rule takes at least; one more cautious run must not fail. */
const SLOWEST = { one: 1.25, three: 1.7, oneAtBucketOf100: 1.45 };
const MOST_REFUSED = 0.35;

async function passes(gateway: Gateway, work: Work): Promise<boolean> {
	const { seconds, timesBound, refusedPart, wrong } = await throttled(gateway, work);
	const { one, three, oneAtBucketOf100 } = SLOWEST;
	const alone = gateway.kind.name === 'bucket of 100' ? oneAtBucketOf100 : one;
	const most = work.processes === 1 ? alone : three;
	const good = wrong === 0 && timesBound <= most && refusedPart <= MOST_REFUSED;
	const figures = `${seconds.toFixed(1)} s, ${timesBound.toFixed(2)} x bound (at most ${most}), ${(refusedPart * 100).toFixed(0)}% refused`;
	say(
		`${good ? 'pass' : 'FAIL'}  ${gateway.name}, ${work.processes} x ${work.count}: ${figures}, ${wrong} not cancelled once`,
	);
	return good;
}

await run(async () => {
	readArguments(USAGE, {});
	await ensureGateways(say);
	for (const work of [
		{ processes: 1, count: 250 },
		{ processes: 3, count: 100 },
	]) {
		const all = GATEWAYS.map(async (gateway) => await passes(gateway, work));
		if ((await Promise.all(all)).includes(false)) process.exitCode = 1;
	}
});
