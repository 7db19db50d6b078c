import type { IDataObject } from 'n8n-workflow';

import { inWords } from '../../nodes/Ultimo/transport/words';
import { parameters as create } from '../support/create';
import { IS_N8N_2, runNode } from '../support/n8n.mts';
import { atOnce } from '../support/time.mts';
import { ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();

const getAll = {
	operation: 'getAll',
	spaceId: 'C-25',
	from: '2026-11-22T10:00:00',
	till: '2026-11-29T10:00:00',
};
const LONG = '={{ $json.value }}';
const MB = 1_000_000;

type Row = [string, unknown, IDataObject];
const OPERATION: Row = ['an operation', '.'.repeat(MB), { operation: LONG }];

it.each<Row>([
	// n8n 1.x runs no node whose operation it does not know.
	...(IS_N8N_2 ? [OPERATION] : []),
	['a number as a time', '1'.repeat(MB), { ...create, startTime: LONG }],
	['a text as a time', 'x'.repeat(MB), { ...create, endTime: LONG }],
	['blanks in a time', `2026-11-22${' '.repeat(MB)}x`, { ...create, startTime: LONG }],
	['an id', 'x'.repeat(MB), { ...create, spaceId: LONG }],
	['a list as an id', Array(MB).fill(1), { ...create, applicantId: LONG }],
	['a list as a limit', Array(MB).fill(1), { ...getAll, limit: LONG }],
	['dots as Timeout', '.'.repeat(MB), { ...create, options: { timeout: LONG } }],
	['a list as Give Up After', Array(MB).fill('.'), { ...create, options: { giveUpAfter: LONG } }],
	['dots as Dry Run', '.'.repeat(MB), { operation: 'cancel', options: { dryRun: LONG } }],
])('shows but a part of %s of a megabyte', async (_, value, parameters) => {
	const seen = ultimo(() => ({}));
	const { outputs } = await runNode({
		items: [{ value } as IDataObject],
		parameters,
		node: { onError: 'continueErrorOutput' },
	});
	const { message } = outputs.flat()[0].json.error as { message: string };
	expect(message.length).toBeLessThan(700);
	expect(seen).toEqual([]);
});

it.each([
	['dots within', `${'.'.repeat(100_000)} is too little`],
	['blanks within', `Timeout: ${' '.repeat(100_000)}x`],
	['dots at the end', '.'.repeat(100_000)],
])('joins a message and its advice at once: %s', (_, message) => {
	expect(atOnce(() => inWords(message, 'Do it.'))).toMatch(/\. Do it\.$/);
});
