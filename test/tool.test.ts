import { runNode, type AgentTool } from './support/n8n.mts';
import { inThePast, ok, ultimo, withoutNetwork } from './support/ultimo';

withoutNetwork();

const fromAI = (key: string) => `={{ $fromAI('${key}', \`what ${key} is\`, 'string') }}`;
const reservation = {
	descriptionType: 'auto',
	reservationId: { __rl: true, mode: 'id', value: fromAI('Reservation') },
};
const times = { startTime: fromAI('Start_Time'), endTime: fromAI('End_Time') };

it.each([
	['cancel', 'Cancel a reservation permanently', reservation, ['Reservation']],
	[
		'update',
		'Update a reservation',
		{ ...reservation, ...times },
		['Reservation', 'Start_Time', 'End_Time'],
	],
	[
		'create',
		'Create a reservation',
		{ spaceId: fromAI('Space'), ...times },
		['Space', 'Start_Time', 'End_Time'],
	],
	['getAll', 'Get many reservations', { spaceId: fromAI('Space') }, ['Space']],
])('%s: says what it does and takes flat fields', async (operation, action, fields, names) => {
	let seen: AgentTool | undefined;
	await runNode({
		parameters: { operation, descriptionType: 'auto', ...fields },
		agent: async (tool) => (seen = tool) && null,
	});
	expect(seen?.name).toBe('Ultimo');
	expect(seen?.description).toBe(`${action} in Ultimo Reservation`);
	expect(Object.keys(seen?.schema.shape ?? {})).toEqual(names);
});

it('cancels what the model asks for, and answers with what is done', async () => {
	const seen = ultimo(() => ok);
	const { run } = await runNode({
		parameters: reservation,
		agent: async (tool) => await tool.invoke({ Reservation: '00000006712' }),
	});
	expect(seen.map(({ body }) => body)).toEqual([{ UltimoId: '00000006712' }]);
	expect(run.data.resultData.runData.Agent[0].data?.main[0]?.[0].json).toEqual({
		answer: '[{"UltimoId":"00000006712","cancelled":true}]',
	});
});

it.each([
	['a refusal', '00000006712', inThePast, /reservations? (is in|of) the past/],
	['a bad id', '', ok, /the id is empty|is its UltimoId/],
])('tells the model what to do about %s', async (_, Reservation, answer, words) => {
	ultimo(() => answer);
	let told: string | undefined;
	await runNode({
		parameters: reservation,
		// n8n 1.x gives the error as the tool's answer.
		agent: async (tool) =>
			(told = await tool.invoke({ Reservation }).catch(({ message }) => message)),
	});
	expect(told).toMatch(words);
});
