import { blotter } from '../../nodes/Ultimo/transport/blot';
import { readAnswer } from '../../nodes/Ultimo/transport/answer';
import type * as Gates from '../../nodes/Ultimo/transport/gate';
import { allOf, API_KEY, ENVIRONMENT, runNode } from '../support/n8n.mts';
import { refusal, ultimo, withoutNetwork } from '../support/ultimo';
import { atOnce } from '../support/time.mts';

withoutNetwork();

/** With characters that each way of writing writes in its own way. */
const KEY = `aB3&<>"'/+=%?#~\\$^[x]{2}(9).*|zZ`;
const codes = [...KEY].map((character) => character.charCodeAt(0));
const hex = Buffer.from(KEY).toString('hex');

it.each<[string, string]>([
	['as it is', KEY],
	['in small letters', KEY.toLowerCase()],
	['in capitals', KEY.toUpperCase()],
	['in a URL', encodeURIComponent(KEY)],
	['in a URL twice', encodeURIComponent(encodeURIComponent(KEY))],
	['in a form', new URLSearchParams({ k: KEY }).toString().slice(2)],
	['with all of it in percents', codes.map((code) => `%${code.toString(16)}`).join('')],
	['in HTML', KEY.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
	['in HTML twice', KEY.replaceAll('&', '&amp;amp;').replaceAll("'", '&amp;#39;')],
	['as decimal entities', codes.map((code) => `&#${code};`).join('')],
	['as hexadecimal entities', codes.map((code) => `&#x00${code.toString(16)};`).join('')],
	['as JSON', JSON.stringify(KEY).slice(1, -1)],
	['as JSON in JSON', JSON.stringify(JSON.stringify(KEY).slice(1, -1)).slice(1, -1)],
	[
		'as .NET writes JSON',
		KEY.replace(/[&<>'"+]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
	],
	['in hexadecimal', hex],
	['in hexadecimal with capitals', hex.toUpperCase()],
	['in hexadecimal with colons', hex.match(/../g)!.join(':')],
	['in base64', Buffer.from(KEY).toString('base64')],
	['in base64 for URLs', Buffer.from(KEY).toString('base64url')],
	['in base64, in a URL', encodeURIComponent(Buffer.from(KEY).toString('base64'))],
	['in base64 with a colon before', Buffer.from(`:${KEY}`).toString('base64')],
	['in base64 with a user', Buffer.from(`me:${KEY}:x`).toString('base64')],
	['in base64 with a header', Buffer.from(`ApiKey: ${KEY}\r\n`).toString('base64')],
])('finds a key %s', (_, written) => {
	const text = blotter(KEY)(`before ${written} after ${written}.`);
	expect(text).toMatch(/^before [\w+/-]*\*\*\*[\w+/=-]* after [\w+/-]*\*\*\*[\w+/=-]*\.$/);
	expect(text.length).toBeLessThan(60);
});

it.each(['00000006712', 'Meeting room 2', '2026-11-22T10:00:00Z', 'k3y', 'aB3&amp;', hex.slice(2)])(
	'leaves %s alone',
	(text) => expect(blotter(KEY)(text)).toBe(text),
);

it('leaves texts alone if the key is so short that it is found by chance', () => {
	expect(blotter('67')('00000006712')).toBe('00000006712');
});

it.each([
	['of begins', KEY.slice(0, -1).repeat(30_000)],
	['of percents', '%25'.repeat(300_000)],
	['of entities', '&amp;'.repeat(200_000)],
	['of zeros', `&#${'0'.repeat(1_000_000)}`],
	['of backslashes', '\\'.repeat(1_000_000)],
])('looks through a megabyte %s at once', (_, text) => {
	expect(atOnce(() => blotter(KEY)(text))).toHaveLength(text.length);
});

it('reads as many small values as there can be at once', () => {
	const body = `{"properties":{"a":[${'[""],'.repeat(400_000)}0]}}`;
	const answer = { statusCode: 200, headers: {}, body };
	expect(atOnce(() => readAnswer(answer, 1, 0, blotter(KEY)))).toHaveProperty('properties');
});

it.each(['a&amp;b-0123', 'a\\u0026amp;b-0123', 'a\\\\u0026amp;b-0123', '\\u0061\\u0026#x62;'])(
	'finds the key in what JSON holds as %s',
	(written) => {
		const text = written.endsWith(';') ? `${written.replace('#x62;', 'b')}-0123` : written;
		const body = `{"message":"No: ${text}.","code":"1"}`;
		const answer = readAnswer({ statusCode: 400, headers: {}, body }, 1, 0, blotter('a&b-0123'));
		expect(answer).toMatchObject({
			failure: { message: expect.stringMatching(/^No: \W*\*\*\*\.$/) },
		});
	},
);

const echoes = [
	['1015', refusal('1015', `Taken. Your key ${API_KEY.toUpperCase()} is known.`)],
	['a code', refusal(API_KEY, 'No')],
	['a gateway', { status: 403, body: { message: `<b>${encodeURIComponent(API_KEY)}</b>` } }],
	['base64', refusal('9', `Authorization: ${Buffer.from(`u:${API_KEY}`).toString('base64')}`)],
] as const;

it.each(echoes)('hands on no key that %s repeats', async (_, answer) => {
	ultimo(() => answer);
	const { run, error } = await runNode({ items: [{ UltimoId: '00000006712' }] });
	expect(error?.message).toContain('***');
	const all = allOf([run.data.resultData, error]).toLowerCase();
	expect(all).not.toContain(API_KEY);
	expect(all).not.toContain(Buffer.from(API_KEY).toString('base64').slice(4, 16).toLowerCase());
});

it('hands on no key in the items, in value or name', async () => {
	const one = {
		UltimoId: '00000006712',
		Description: `Key ${API_KEY}`,
		[API_KEY]: { deep: [API_KEY.toUpperCase()] },
		StartTime: '2026-11-22T10:00:00Z',
		EndTime: '2026-11-22T11:00:00Z',
	};
	ultimo(() => ({ body: { properties: { Output: { collection: [one] } } } }));
	const { items } = await runNode({
		parameters: {
			operation: 'getAll',
			spaceId: 'C-25',
			from: '2026-11-22T08:00:00Z',
			till: '2026-11-22T12:00:00Z',
		},
	});
	expect(items.map(({ json }) => json)).toEqual([
		expect.objectContaining({ Description: 'Key ***', '***': { deep: ['***'] } }),
	]);
});

it('leaves no key behind in what outlives a run', async () => {
	ultimo(() => ({ status: 429, headers: { 'retry-after': '60' }, body: { message: API_KEY } }));
	const { error } = await runNode({
		items: [{ UltimoId: '00000006712' }],
		parameters: { options: { giveUpAfter: 1 } },
	});
	expect(error?.message).toContain('nothing was accepted');
	// As the package has loaded it.
	const path = '../../dist/nodes/Ultimo/transport/gate.js';
	const { gateOf } = (await import(path)) as typeof Gates;
	const kept = allOf(gateOf(ENVIRONMENT));
	// That this key was refused, and no word of what Ultimo said.
	expect(kept).toMatch(/refusedSince: \d/);
	expect(kept).not.toContain('***');
	expect(kept).not.toContain(API_KEY);
});
