import { startBusyUltimo } from '../bed.mts';
import { cancellations } from '../ultimo/ledger.mts';
import { cancelAll } from './client.mts';
import { startGateway, type Gateway } from './gateways.mts';

export interface Work {
	processes: number;
	/** Reservations that each process cancels. */
	count: number;
}

/** Cancels through a gateway that throttles, before an Ultimo without quota. */
export async function throttled(gateway: Gateway, { processes, count }: Work) {
	const all = processes * count;
	const ultimo = await startBusyUltimo(all, { requestsPerWindow: 0 });
	try {
		const { url, stop } = await startGateway(gateway, ultimo.url);
		try {
			const ids = [...ultimo.reservations.keys()];
			const started = performance.now();
			const shares = Array.from({ length: processes }, (_, index) =>
				ids.slice(index * count, (index + 1) * count),
			);
			const totals = await Promise.all(shares.map(async (share) => await cancelAll(url, share)));
			const ms = performance.now() - started;
			const sum = (what: 'sent' | 'refused') =>
				totals.reduce((part, total) => part + total[what], 0);
			return {
				seconds: ms / 1000,
				timesBound: ms / gateway.kind.bound(all),
				refusedPart: sum('refused') / sum('sent'),
				/** Not cancelled, or more than once. */
				wrong: ids.filter((id) => cancellations(ultimo.ledger, id) !== 1).length,
			};
		} finally {
			await stop();
		}
	} finally {
		await ultimo.stop();
	}
}
