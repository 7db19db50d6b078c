import {
	body,
	create,
	CREATE,
	created,
	LOOK,
	lookBody,
	other,
	ours,
	output,
	parameters,
	taken,
	type Script,
} from '../support/create';
import { runNode } from '../support/n8n.mts';
import { fast, withFakeTime } from '../support/time.mts';
import { fieldOf, listed, lost, ultimo, withoutNetwork } from '../support/ultimo';

withoutNetwork();
withFakeTime();

const gone = lost('ECONNRESET');
const options = { ifReserved: 'return' };
const firstFree = { spaceSelection: 'firstFree', spaceIds: 'C-25, C-26', options };
const found = { ...output, created: false };
const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

it('Return It: what is there before is the result, and nothing is made', async () => {
	const { seen, asked, items } = await create([listed(other, ours)], { options });
	expect(asked).toEqual([LOOK]);
	expect(seen[0].body).toEqual(lookBody);
	expect(seen[0].elementId).toBe('860ea091-4d76-47d9-a733-c3bb18440dde');
	expect(items).toEqual([found]);
	expect(Object.keys(items[0])).toEqual(Object.keys(output));
});

it.each([
	['nothing', listed()],
	['one of another applicant', listed({ ...ours, ApplicantId: 'BAKKER' })],
	['one with another description', listed({ ...ours, Description: 'Team' })],
	['a shorter one', listed({ ...ours, EndTime: other.EndTime })],
	['the same, but cancelled', listed({ ...ours, Status: 'Cancelled' })],
	['the same, but without a readable time', listed({ ...ours, StartTime: 'soon' })],
])('Return It: makes one where there is %s', async (_, list) => {
	const { seen, asked, items } = await create([list, created], { options });
	expect(asked).toEqual([LOOK, CREATE]);
	expect(seen[1].body).toEqual(body);
	expect(items).toEqual([output]);
});

it.each([
	['Fail', { options: { ifReserved: 'fail' } }],
	['by default', {}],
])('%s: the same is no success, and nothing is looked at before', async (_, changes) => {
	const { asked, error } = await create([taken, listed(ours)], changes);
	expect(asked).toEqual([CREATE, LOOK]);
	expect(error?.context).toMatchObject({ outcome: 'refused', code: '1015' });
	expect(error?.description).toContain('If Already Reserved can return it.');
});

it('Return It: takes one of a status that is not known for the same', async () => {
	const { items } = await create([listed({ ...ours, Status: 'Aangevraagd' })], { options });
	expect(items).toEqual([found]);
});

describe('taken all the same', () => {
	it('by an equal one that somebody made since the look: returns it', async () => {
		const { asked, items } = await create([listed(), taken, listed(ours)], { options });
		expect(asked).toEqual([LOOK, CREATE, LOOK]);
		expect(items).toEqual([found]);
	});

	it('by what the look had shown: is not looked at for that again', async () => {
		const { asked, error } = await create([listed(other), taken, listed(other)], { options });
		expect(asked).toEqual([LOOK, CREATE, LOOK]);
		expect(error?.context).toMatchObject({ outcome: 'refused', code: '1015' });
		expect(error?.description).toContain('"Job interview" of Bakker, M.');
	});
});

describe('a lost answer', () => {
	it.each([
		['is there', [listed(), gone, listed(ours)], [LOOK, CREATE, LOOK]],
		['is not there', [listed(), gone, listed(), created], [LOOK, CREATE, LOOK, CREATE]],
	] as Array<[string, Script, string[]]>)(
		'is resolved by the looks when it %s',
		async (_, script, requests) => {
			const { asked, items, error } = await create(script, { options });
			expect(error).toBeUndefined();
			expect(asked).toEqual(requests);
			expect(items).toEqual([output]);
		},
	);

	it('of all of a try is found by the next', async () => {
		// Create's answer and all looks after it are lost.
		const script = [listed(), ...Array(13).fill(gone), listed(ours)];
		const { seen, items } = await create(script, { options }, { node });
		expect(items).toEqual([found]);
		expect(seen).toHaveLength(15);
		expect(seen.filter(({ path }) => path.endsWith(CREATE))).toHaveLength(1);
	});
});

describe('a look before that fails', () => {
	it.each([
		['is lost', Array(4).fill(gone), 4],
		['is forbidden', [{ status: 403, body: '' }], 1],
		['makes no sense', [{ body: { properties: { Output: 'soon' } } }], 1],
	] as Array<[string, Script, number]>)('and %s: nothing is made', async (_, script, requests) => {
		const { asked, error } = await create(script, { options });
		expect(asked).toEqual(Array(requests).fill(LOOK));
		expect(error?.context).toMatchObject({ outcome: 'notSent', itemIndex: 0 });
		expect(error?.description).toMatch(
			/^Whether C-25 is reserved already could not be looked up, so nothing was made\. \S/,
		);
		expect(error?.description).not.toContain('may or may not');
	});

	it('says after a lost answer that it is still not known', async () => {
		const script = [listed(), ...Array(13 + 4).fill(gone)];
		const { error } = await create(script, { options }, { node });
		expect(error?.context).toMatchObject({ outcome: 'unknown' });
	});
});

it('two equal items: the second gets what the first made', async () => {
	const setup = { items: [{ n: 1 }, { n: 2 }] };
	const { seen, items } = await create([listed(), created, listed(ours)], { options }, setup);
	expect(seen).toHaveLength(3);
	expect(items).toEqual([output, found]);
});

it('two executions at once: one makes it, both get it', async () => {
	let made = false;
	ultimo((sent) => {
		if (!('StartTime' in sent)) return made ? listed(ours) : listed();
		if (made) return taken;
		made = true;
		return created;
	});
	const one = async () =>
		(await fast(runNode({ parameters: { ...parameters, options } }))).items[0].json;
	const both = await Promise.all([one(), one()]);
	expect(both.filter((json) => json.created)).toEqual([output]);
	expect(both.filter((json) => !json.created)).toEqual([found]);
});

describe('First Free Of', () => {
	it('finds it in a later space before it makes one in an earlier', async () => {
		const { seen, asked, items } = await create([listed(), listed(ours)], firstFree);
		expect(asked).toEqual([LOOK, LOOK]);
		expect(fieldOf(seen, 'SpaceId')).toEqual(['C-25', 'C-26']);
		expect(items).toEqual([{ ...found, SpaceId: 'C-26' }]);
	});

	it('else makes it in the first that is free', async () => {
		const script = [listed(other), listed(), taken, created];
		const { seen, asked, items } = await create(script, firstFree);
		expect(asked).toEqual([LOOK, LOOK, CREATE, CREATE]);
		expect(fieldOf(seen, 'SpaceId')).toEqual(['C-25', 'C-26', 'C-25', 'C-26']);
		expect(items).toEqual([{ ...output, SpaceId: 'C-26' }]);
	});
});

it.each([
	['={{ "perhaps" }}', 'perhaps is none of its choices'],
	['={{ $json.nothing }}', 'is none of its choices'],
	['={{ true }}', 'true is none of its choices'],
])('%s is refused before anything is sent', async (ifReserved, says) => {
	const { seen, error } = await create([created], { options: { ifReserved } });
	expect(seen).toEqual([]);
	expect(error?.message).toContain('If Already Reserved: ');
	expect(error?.message).toContain(says);
});
