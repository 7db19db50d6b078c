import type { IDataObject } from 'n8n-workflow';

import { parameters as create } from '../support/create';
import { runNode } from '../support/n8n.mts';
import { published } from '../support/office';
import { fast, withFakeTime } from '../support/time.mts';
import { lists, refusal, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();

/** Values that are wrong where they are entered, such as the status of an order in a field for a time. */
const WRONG: Array<[string, (value: string) => IDataObject, (value: string) => string]> = [
	['a time', (startTime) => ({ startTime }), (value) => `Start Time: "${value}" is no time`],
	['an id', (id) => ({ spaceId: `${id};` }), (value) => `Space: "${value};" can't be an ID`],
	[
		'an address',
		(name) => ({ applicantId: { __rl: true, mode: 'email', value: `${name}@example.com` } }),
		(value) => `Nobody in Ultimo has the e-mail address ${value}@example.com`,
	],
	[
		'an option',
		(giveUpAfter) => ({ options: { giveUpAfter } }),
		(value) => `Longest Wait (Seconds): ${value} is no number of 1 or more`,
	],
	[
		'an operation',
		(operation) => ({ operation }),
		(value) => `Operation: "${value}" does not exist`,
	],
];

async function run(changes: IDataObject, value: string, onError?: 'continueRegularOutput') {
	ultimo((_, __, { method }) => (method === 'GET' ? lists() : refusal('1170', `Was ${value}.`)));
	const parameters = { ...create, ...changes };
	return await fast(runNode({ parameters, node: { onError } }));
}

describe('a run that fails for a value with a word that n8n knows', () => {
	it.each(WRONG)('is an error, not a stop by the user: %s', async (_, entered, message) => {
		const result = await run(entered('canceled'), 'canceled');
		// Not all versions of n8n-core call it an error themselves.
		expect(result.run.status).not.toBe('canceled');
		expect(result.error?.message).toBe(message('cancelled'));
	});

	it.each(WRONG)('keeps its message: %s', async (_, entered, message) => {
		const { error } = await run(entered('preexisting'), 'preexisting');
		expect(error?.message).toBe(message('preexisting'));
	});

	it('is an error where Ultimo says the word, which the item of a run that goes on shows', async () => {
		const stopped = await run({}, 'canceled');
		expect(stopped.run.status).not.toBe('canceled');
		expect(stopped.error?.message).toBe('Was cancelled [1170]');
		const { json } = await run({}, 'canceled', 'continueRegularOutput');
		expect(json[0].error).toMatchObject({ message: expect.stringContaining('Was canceled') });
	});

	it('lets n8n try again to activate a trigger, which it never does after "Authorization"', async () => {
		const trigger = published({ parameters: { spaceIds: '"Authorization"' } });
		await expect(trigger.poll()).rejects.toThrow('Spaces: ""authorization"" can\'t be an ID');
	});
});
