import { readFileSync } from 'node:fs';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { actions, html, quotaExceeded, type Action, type Answer } from './contract.mts';
import { faultDice, reset } from './faults.mts';
import { cancellations, count, table, type Counts, type LedgerEntry } from './ledger.mts';
import { defaults, type UltimoOptions } from './options.mts';
import { Quota } from './quota.mts';
import { actionTask, answerTo, enterInLedger, objectTask, type Environment } from './requests.mts';
import { Rooms } from './rooms.mts';
import { demoSeed, type Reservation } from './seed.mts';
import { state } from './state.mts';

export type { LedgerEntry, UltimoOptions };
export type { FaultKind } from './faults.mts';

export interface LocalUltimo {
	url: string;
	ledger: LedgerEntry[];
	reservations: Map<string, Reservation>;
	/** How often the reservation really was cancelled. */
	cancellations(ultimoId: string): number;
	/** One row a reservation. */
	table(): ReturnType<typeof table>;
	stats(): { window: Counts; total: Counts };
	/** Back to the seed, with an empty ledger, an unused quota and the faults from their start. */
	reset(): void;
	/** Takes effect on the next request; the seed on the next reset(). */
	setOptions(changes: Partial<Omit<UltimoOptions, 'port'>>): void;
	stop(): Promise<void>;
}

/** The vendor's limit of a workflow request. */
const bodyLimit = 20 * 1024 * 1024;

/** A local Ultimo on 127.0.0.1. */
export async function startUltimo(given: Partial<UltimoOptions> = {}): Promise<LocalUltimo> {
	const options: UltimoOptions = { ...defaults, ...given };
	const environment: Environment = {
		options,
		rooms: new Rooms(options),
		ledger: [],
		quota: new Quota(options),
		rollFault: faultDice(options.faults),
	};
	const { rooms, ledger } = environment;

	function restart() {
		rooms.fill(options.seed ?? demoSeed(options.clock(), options.zone));
		ledger.length = 0;
		environment.quota = new Quota(options);
		environment.rollFault = faultDice(options.faults);
	}
	restart();

	const app = Fastify({
		bodyLimit,
		forceCloseConnections: true,
		routerOptions: { caseSensitive: false },
	});

	function send(reply: FastifyReply, entry: LedgerEntry, answer: Answer | typeof reset) {
		if (answer === reset) {
			reply.hijack();
			reply.request.raw.socket.resetAndDestroy();
			return reply;
		}
		entry.status = answer.status;
		entry.answer = answer.payload;
		reply.code(answer.status).headers(answer.headers ?? {});
		if (answer.contentType) reply.type(answer.contentType);
		return reply.send(answer.payload);
	}

	async function handle(request: FastifyRequest, reply: FastifyReply, action?: Action) {
		const entry = enterInLedger(environment, request);
		const task = action && actionTask(environment, action, entry);
		return send(reply, entry, await answerTo(environment, task, entry));
	}

	// The body is read as text whatever its type, so that the ledger has also what is not JSON.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

	app.all<{ Params: { action: string } }>('/api/v1/action/:action', (request, reply) =>
		handle(request, reply, actions.get(request.params.action.toLowerCase())),
	);
	app.all<{ Querystring: Record<string, string> }>('/api/v1/object/*', async (request, reply) => {
		const entry = enterInLedger(environment, request);
		const origin = `${request.protocol}://${request.host}`;
		const [path] = request.url.split('?', 1);
		const asked = { path, query: request.query, origin };
		const task = objectTask(environment, asked, request.headers.apikey);
		return send(reply, entry, await answerTo(environment, task, entry));
	});
	app.setNotFoundHandler((request, reply) => handle(request, reply));
	app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
		const status = error.statusCode ?? 500;
		const answer = status === 413 ? quotaExceeded(413) : html(status, `${status} - Error.`);
		send(reply, enterInLedger(environment, request), answer);
	});

	const page = new URL('./page.html', import.meta.url);
	app.get('/', (_request, reply) =>
		reply.type('text/html; charset=utf-8').send(readFileSync(page)),
	);
	app.get<{ Querystring: { day?: string } }>('/state', (request) =>
		state(environment, request.query.day),
	);
	app.post('/reset', (_request, reply) => {
		restart();
		return reply.code(204).send();
	});
	app.get('/ledger', () => ledger);

	const url = await app.listen({ host: '127.0.0.1', port: options.port });

	return {
		url,
		ledger,
		reservations: rooms.reservations,
		cancellations: (ultimoId) => cancellations(ledger, ultimoId),
		table: () => table(ledger, rooms.reservations),
		stats: () => ({
			window: count(ledger, options.clock() - options.windowMs),
			total: count(ledger),
		}),
		reset: restart,
		setOptions(changes) {
			Object.assign(options, changes);
			if ('windowMs' in changes || 'windowKind' in changes) environment.quota = new Quota(options);
			if ('faults' in changes) environment.rollFault = faultDice(options.faults);
		},
		stop: () => app.close(),
	};
}
