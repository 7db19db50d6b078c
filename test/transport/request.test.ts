import fc from 'fast-check';
import type { IHttpRequestOptions, INode } from 'n8n-workflow';

import { dice, TestClock } from '../../dev/zoo/clock.mts';
import { Gate } from '../../nodes/Ultimo/transport/gate';
import { WINDOW_MS } from '../../nodes/Ultimo/transport/limits';
import type { Connection } from '../../nodes/Ultimo/transport/connection';
import { Ultimo } from '../../nodes/Ultimo/transport/request';
import { Run } from '../../nodes/Ultimo/transport/run';
import { Stop } from '../../nodes/Ultimo/transport/stop';

const NODE: INode = {
	id: '1',
	name: 'Ultimo',
	type: 'test',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** An Ultimo behind a bad network that knows what it really did, and when it was asked. */
function unreliable(clock: TestClock, random: () => number, calm: boolean) {
	const done = new Set<string>();
	const asked: number[] = [];
	const broken = (code: string) => Object.assign(new Error(code), { code });
	const answer = async (statusCode: number, body: unknown, headers = {}) => {
		await clock.sleep(random() * 200);
		return { statusCode, headers, body: JSON.stringify(body) };
	};
	const send = async ({ body }: IHttpRequestOptions) => {
		const { UltimoId } = JSON.parse(body as string) as { UltimoId: string };
		await clock.sleep(random() * 200);
		const at = clock.now();
		const chance = random() * (calm ? 3 : 1);
		if (chance < 0.15 || chance >= 0.2) asked.push(at);
		if (chance < 0.05) throw broken('ECONNREFUSED');
		if (chance < 0.1) throw broken('ECONNRESET');
		if (chance < 0.15) return await answer(500, 'x');
		if (chance < 0.2) {
			const retryAfter = String(Math.floor(random() * 100));
			return await answer(429, {}, random() < 0.5 ? { 'retry-after': retryAfter } : {});
		}
		if (chance < 0.201) return await answer(401, { message: 'Missing API key' });
		if (chance < 0.25 || done.has(UltimoId)) return await answer(400, { message: 'No', code: '1' });
		done.add(UltimoId);
		if (chance < 0.3) throw broken('ECONNRESET');
		return await answer(200, chance < 0.35 ? 'cut off' : { properties: {} });
	};
	return { done, asked, send };
}

const scenario = fc.record({
	seed: fc.integer({ min: 1, max: 2 ** 30 }),
	limit: fc.integer({ min: 1, max: 15 }),
	count: fc.integer({ min: 1, max: 60 }),
	workers: fc.integer({ min: 1, max: 12 }),
	stopAt: fc.option(fc.integer({ min: 0, max: 60_000 })),
	stopOnError: fc.boolean(),
	giveUpAfter: fc.integer({ min: 1, max: 150 }),
	calm: fc.boolean(),
});

function connectionTo(
	gate: Gate,
	send: Connection['send'],
	limit = 100,
	stop = new Stop(),
): Connection {
	return {
		node: NODE,
		environment: 'https://customer.ultimo.net',
		company: '',
		key: 'k',
		blot: (text) => text,
		limit,
		gate,
		zone: 'utc',
		stop,
		send,
	};
}

it('a key that is refused lets no item wait for the quota', async () => {
	const clock = new TestClock();
	let sent = 0;
	const statuses = [200, 200, 429, 200, 200, 200, 401];
	const send: Connection['send'] = async () => {
		await clock.sleep(20);
		return { statusCode: statuses[sent++], headers: {}, body: '{"properties":{}}' };
	};
	const run = new Run(connectionTo(new Gate(clock), send), { timeout: 1000, giveUpAfter: 120 });
	const ask = async (index: number) =>
		await new Ultimo(run, index).ask('REST_CancelReservation', {}).then(
			() => 'done',
			({ context }: { context: { outcome: string } }) => context.outcome,
		);
	const fates: string[] = [];
	await clock.run(
		(async () => {
			for (let index = 0; index < 6; index++) fates.push(await ask(index));
		})(),
	);
	const refusedAt = clock.now();
	expect(fates).toEqual(['done', 'done', 'done', 'done', 'done', 'refused']);
	expect(await clock.run(Promise.all([6, 7, 8].map(ask)))).toEqual(Array(3).fill('notSent'));
	expect(clock.now()).toBe(refusedAt);
	expect(sent).toBe(7);
});

it('whatever happens, every item ends, as Ultimo has it, within the quota', async () => {
	await fc.assert(
		fc.asyncProperty(scenario, async (given) => {
			const random = dice(given.seed);
			const clock = new TestClock(random);
			const gate = new Gate(clock);
			const { done, asked, send } = unreliable(clock, random, given.calm);
			const stop = new Stop();
			const connection = connectionTo(gate, send, given.limit, stop);
			const patience = { timeout: 1000, giveUpAfter: given.giveUpAfter };
			const run = new Run(connection, patience, { total: given.count, done: 0 });
			const fates = new Map<string, string>();
			let next = 0;
			let halted = false;
			const work = async () => {
				while (next < given.count && !halted) {
					const index = next++;
					const body = { UltimoId: String(index) };
					const ultimo = new Ultimo(run, index);
					const fate = await ultimo.ask('REST_CancelReservation', body).then(
						() => 'done',
						({ context }: { context: { outcome: string } }) => context.outcome,
					);
					fates.set(body.UltimoId, fate);
					if (fate === 'done' || !given.stopOnError) continue;
					halted = true;
					run.halt.request();
				}
			};
			if (given.stopAt !== null) void clock.sleep(given.stopAt).then(() => stop.request());
			await clock.run(Promise.all(Array.from({ length: given.workers }, work)));

			if (!given.stopOnError) expect(fates.size).toBe(given.count);
			for (const [id, fate] of fates) {
				expect(['done', 'refused', 'notSent', 'unknown']).toContain(fate);
				if (fate !== 'unknown') expect([id, fate]).toEqual([id, done.has(id) ? 'done' : fate]);
				if (fate === 'done') expect(done).toContain(id);
			}
			for (const at of asked) {
				const inWindow = asked.filter((other) => other >= at && other < at + WINDOW_MS);
				expect(inWindow.length).toBeLessThanOrEqual(given.limit);
			}
			expect(run.waits.items).toBe(0);
			// Nobody waits any more, and no slot is held: all of a window can be had at once.
			await clock.run(clock.sleep(1_000_000));
			const guest = gate.join({ key: 'k', limit: 1 }, 1);
			expect(typeof (await clock.run(gate.enter(guest, 'any', new Stop())))).toBe('object');
		}),
		{ numRuns: 100 },
	);
});
