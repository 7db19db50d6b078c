import { IS_N8N_2, runNode, type AgentTool } from './support/n8n.mts';
import { fakeTime, fast } from './support/time.mts';
import { inThePast, lost, ok, refusal, ultimo, withoutNetwork } from './support/ultimo';

withoutNetwork();
afterEach(() => jest.useRealTimers());

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
	['a bad id', '', ok, /the ID is empty|is its UltimoId/],
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

/** What a call of the tool tells the model, also where n8n throws it. */
async function told(parameters: object, call: object): Promise<string> {
	let words = '';
	await runNode({
		parameters: { ...parameters },
		agent: async (tool) =>
			(words = await tool.invoke({ ...call }).catch(({ message }: Error) => message)),
	});
	return words;
}

const search = { resource: 'employee', filters: { search: fromAI('Search') } };
const period = { startTime: '2026-11-22T10:00:00', endTime: '2026-11-22T11:00:00' };
const free = { operation: 'availability', spaceId: fromAI('Space'), ...period };
const reserve = {
	operation: 'create',
	spaceId: 'C-25',
	applicantId: { __rl: true, mode: 'id', value: fromAI('Applicant') },
	subject: 'Interview',
	...period,
};
const held = {
	UltimoId: '00000006710',
	StartTime: '2026-11-22T10:00:00+01:00',
	EndTime: '2026-11-22T11:00:00+01:00',
	Status: 'Processed',
};

it.each([
	['people', search, { items: [], count: 0 }, 'Nothing in Ultimo fits.'],
	[
		'free spaces',
		{ ...free, options: { onlyFree: true } },
		{ properties: { Output: { collection: [held] } } },
		'None of these spaces is free at that time.',
	],
])('says in words that there are no %s', async (_, parameters, body, message) => {
	ultimo(() => ({ body }));
	const answer = await told(parameters, { Search: 'x', Space: 'C-25' });
	expect(JSON.parse(answer)).toEqual([{ found: 0, message }]);
});

const TAKEN = refusal('1015', 'Meeting room 2 is not available.');

it.each([
	['refused', TAKEN, /not available \[1015\]\. The space is taken.*Nothing was changed\.$/],
	[
		'what was sent',
		refusal('4711', 'No.'),
		/No \[4711\]\. Compare the message with what was sent.* SpaceId "C-25"/,
	],
	[
		'never sent',
		lost('ECONNREFUSED'),
		IS_N8N_2
			? /Nothing accepts connections.*Nothing was changed in Ultimo/
			: /refused the connection/,
	],
	['of unknown fate', refusal('', 'Down.', 503), /is not known: do not repeat it before/],
])('tells in one message what is %s, and what to do', async (_, answer, words) => {
	fakeTime();
	ultimo((body) => ('StartTime' in body ? answer : { body: { properties: { Output: {} } } }));
	expect(await fast(told(reserve, { Applicant: 'ULTIMO' }))).toMatch(words);
});

it('knows an e-mail address from an id, since a model can only fill in By ID', async () => {
	const seen = ultimo((body) =>
		'StartTime' in Object(body)
			? { body: { properties: { UltimoId: '00000006740' } } }
			: { body: { items: [{ Id: 'BAKKER', EmailAdress: 'm.bakker@example.com' }], count: 1 } },
	);
	await told(reserve, { Applicant: 'm.bakker@example.com' });
	expect(seen.map(({ method }) => method)).toEqual(['GET', 'POST']);
	expect(seen[1].body).toMatchObject({ ApplicantId: 'BAKKER' });
});

it('takes a filter that a model leaves empty for none', async () => {
	const seen = ultimo(() => ({ body: { items: [{ Id: 'BAKKER', Phone: '1002' }], count: 1 } }));
	const filters = { search: fromAI('Search'), externalId: fromAI('External_ID') };
	const answer = await told({ resource: 'employee', filters }, { Search: 'x', External_ID: '' });
	expect(JSON.parse(answer)).toEqual([{ ApplicantId: 'BAKKER', Id: 'BAKKER' }]);
	expect(seen[0].query?.filter).not.toContain('ExternalId');
});
