import { Gate } from '../../nodes/Ultimo/transport/gate.ts';
import type { Guest } from '../../nodes/Ultimo/transport/guest.ts';
import { Stop } from '../../nodes/Ultimo/transport/stop.ts';
import { REQUESTS_AT_ONCE } from '../../nodes/Ultimo/transport/limits.ts';
import { dice, TestClock } from './clock.mts';
import type { Limiter } from './limiters.mts';

export interface Work {
	processes: number;
	/** Requests that each process has to get through. */
	count: number;
	/** Ms of a request and its answer, of which each way takes a half, more or less. */
	latency: number;
	/** How much more or less, as a part. */
	jitter?: number;
	/** Ms after which the last process has started, at the most. */
	apart?: number;
	/** Requests that a process sends at a time. */
	workers?: number;
	limit?: number;
	giveUpAfterMs?: number;
	seed: number;
}

export interface Outcome {
	/** Ms from the first process's start to the last answer. */
	ms: number;
	sent: number;
	refused: number;
	/** By process: when it started, and when its requests were accepted, from the start of all. */
	processes: Array<{ startedAt: number; accepted: number[] }>;
}

const REFUSAL = { outcome: 'refused' as const, message: 'Quota exceeded', advice: '', quota: {} };

/** Processes that know nothing of each other, in virtual time, each with the gate of the node. */
export async function simulate(limiter: Limiter, work: Work): Promise<Outcome> {
	const { latency, jitter = 0.2, apart = 0, workers = REQUESTS_AT_ONCE, limit = 100 } = work;
	const random = dice(work.seed);
	const clock = new TestClock(random);
	const total = { sent: 0, refused: 0 };
	const way = async () => await clock.sleep((latency / 2) * (1 - jitter + 2 * jitter * random()));

	async function untilAccepted(gate: Gate, guest: Guest): Promise<number | undefined> {
		for (;;) {
			const ticket = await gate.enter(guest, 'any', new Stop());
			if (typeof ticket === 'string') return undefined;
			total.sent++;
			await way();
			const at = clock.now();
			const accepted = limiter.accepts(at);
			await way();
			if (accepted) {
				gate.exit(ticket);
				return at;
			}
			total.refused++;
			gate.exit(ticket, REFUSAL);
		}
	}

	async function process(index: number) {
		await clock.sleep(index === 0 ? 0 : apart * random());
		const startedAt = clock.now();
		const gate = new Gate(clock);
		const guest = gate.join({ key: 'any', limit }, work.giveUpAfterMs ?? 1_200_000);
		const accepted: number[] = [];
		let next = 0;
		const worker = async () => {
			while (next++ < work.count) {
				const at = await untilAccepted(gate, guest);
				if (at !== undefined) accepted.push(at);
			}
		};
		await Promise.all(Array.from({ length: workers }, worker));
		return { startedAt, accepted };
	}

	const all = Promise.all(Array.from({ length: work.processes }, async (_, i) => await process(i)));
	return { processes: await clock.run(all), ms: clock.now(), ...total };
}
