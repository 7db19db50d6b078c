import { idsFrom, type Bed, type Run } from '../bed.mts';
import { markdown } from '../markdown.mts';
import { median, spread, type Section } from './figures.mts';
import {
	cancelByHttp,
	editFields,
	ourCancel,
	ourCancelComputed,
	ourCancelOfItems,
} from './contenders.mts';
import type { Log } from '../n8n/cache.mts';

const COUNT = 1000;
const GOAL = 0.25;

const msAnItem = ({ nodeMs }: Run) => nodeMs / COUNT;

/** 1,000 cancellations without a quota on either side: what one item costs. */
export async function unlimited1000(bed: Bed, rounds: number, log: Log): Promise<Section> {
	const environment = await bed.environment({ requestsPerWindow: 0 }, 0);
	const { credential, ultimo } = environment;
	const nodes = {
		ours: ourCancel(credential),
		ofItems: ourCancelOfItems(credential),
		computed: ourCancelComputed(credential),
		floor: editFields,
		http: cancelByHttp(credential, ultimo),
	};
	const names = Object.keys(nodes) as Array<keyof typeof nodes>;
	const runs = Object.fromEntries(names.map((name) => [name, [] as Run[]]));
	// The first round warms the server up and is not counted.
	for (let round = 0; round <= rounds; round++) {
		log(`1,000 without quota: ${round === 0 ? 'warm-up' : `round ${round} of ${rounds}`}`);
		for (const name of names) {
			const run = await environment.run(name, idsFrom(0, COUNT), nodes[name]);
			if (round > 0) runs[name].push(run);
		}
	}

	const row = (Contender: string, some: Run[]) => ({
		Contender,
		Runs: some.length,
		'Node, ms an item': spread(some.map(msAnItem), 2),
		Cancelled: spread(
			some.map(({ cancelled }) => cancelled),
			0,
		),
	});
	const ways = [
		['', 'by a field of the item', runs.ours],
		[', Reservation left empty', 'left empty', runs.ofItems],
		[', Reservation computed', 'computed by an expression', runs.computed],
	] as const;
	const ratios = ways.map(([, , some]) =>
		some.map((run, index) => msAnItem(run) / msAnItem(runs.http[index])),
	);
	const shown = ways.map(
		([, way], index) => `${way} ${ratios[index].map((ratio) => ratio.toFixed(2)).join(', ')}`,
	);
	return {
		title: '1,000 cancellations without quota',
		text: [
			markdown([
				...ways.map(([, way, some]) => row(`Ultimo Reservation, Reservation ${way}`, some)),
				row("Edit Fields: n8n's own share, one expression and no request", runs.floor),
				row('HTTP Request', runs.http),
			]),
			`Ratio round by round: ${shown.join('; ')}.`,
		].join('\n\n'),
		goals: [
			...ways.map(([title], index) => ({
				what: `1,000 without quota${title}: time an item against HTTP Request, median of the rounds`,
				value: median(ratios[index]),
				goal: GOAL,
				unit: 'x',
			})),
			{
				what: '1,000 without quota: not done or not recorded, worst run',
				value: Math.max(
					...ways
						.flatMap(([, , some]) => some)
						.map((run) => COUNT - run.cancelled + run.unrecorded),
				),
				goal: 0,
				unit: '',
			},
		],
	};
}
