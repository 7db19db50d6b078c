import fc from 'fast-check';

import {
	pack,
	shortened,
	unpack,
	type Known,
	type Picture,
} from '../../nodes/Ultimo/trigger/picture';

const DAY = 86_400_000;
const seconds = fc
	.integer({ min: -1_000_000_000, max: 5_000_000_000 })
	.map((number) => number * 1000);
const text = fc
	.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constant('~|;#"'))
	.map(shortened);
const known: fc.Arbitrary<Known> = fc
	.record({
		space: fc.oneof(text, fc.constant('C-25')).filter((id) => id !== ''),
		start: seconds,
		end: seconds,
		description: text,
		// Ids have no control characters, see fields/ids.ts.
		applicant: text.map((id) => id.replaceAll('\t', '')),
		applicantName: text,
		status: fc.constantFrom('', 'Processed', 'Cancelled'),
		told: fc.nat(3),
		missing: fc.nat(1),
		gone: fc.boolean(),
		round: fc.nat(50),
	})
	.map((one) => ({ ...one }));
const picture: fc.Arbitrary<Picture> = fc.record({
	environment: fc.webUrl(),
	failures: fc.nat(20),
	windows: fc
		.array(fc.tuple(fc.string({ minLength: 1 }), fc.tuple(seconds, seconds)))
		.map((all) => new Map(all)),
	known: fc.array(fc.tuple(fc.string({ minLength: 1 }), known)).map((all) => new Map(all)),
});
const sorted = ({ known: all, ...rest }: Picture) => ({ ...rest, known: Object.fromEntries(all) });

test('a picture comes back whole from its text', () => {
	fc.assert(
		fc.property(picture, (some) => {
			expect(sorted(unpack(JSON.parse(JSON.stringify(pack(some)))) as Picture)).toEqual(
				sorted(some),
			);
		}),
		{ numRuns: 1000 },
	);
});

test.each([[undefined], [null], [''], ['0|x'], ['1|'], ['1|x#'], [{}], [7]])(
	'%j is no picture',
	(value) => {
		expect(unpack(value)).toBeUndefined();
	},
);

test('nor is one that was cut off or changed anywhere', () => {
	const whole = pack(office(3));
	for (const at of [2, 40, 200, 2_000, whole.length - 20, whole.length - 1]) {
		expect(unpack(whole.slice(0, at))).toBeUndefined();
		expect(unpack(`${whole.slice(0, at)}.${whole.slice(at + 1)}`)).toBeUndefined();
	}
});

test('long texts keep their beginning, and stay different', () => {
	const [one, other] = ['a', 'b'].map((end) => shortened(`${'Weekly '.repeat(40)}${end}`));
	expect(one).not.toBe(other);
	expect([one.length <= 120, one.slice(0, 105)]).toEqual([true, 'Weekly '.repeat(15)]);
	expect(shortened(`${'x'.repeat(110)}😀${'x'.repeat(50)}`)).toMatch(/^x{110}…\w+$/);
	expect(shortened('a\0b')).toBe('ab');
});

/** Of 60 spaces, as full as an office is, with as many different texts as given. */
function office(descriptions: number): Picture {
	const now = Date.parse('2026-11-25T09:00:00Z');
	const all = Array.from({ length: 2000 }, (_, index): [string, Known] => [
		String(6712 + index * 7).padStart(11, '0'),
		{
			space: `003.0.${10 + (index % 60)}`,
			start: now + Math.floor((index * 31 * DAY) / 2000 / 900_000) * 900_000,
			end: now + Math.floor((index * 31 * DAY) / 2000 / 900_000) * 900_000 + DAY / 24,
			description: `Team meeting Front office ${index % descriptions}`,
			applicant: `EMP${1000 + (index % 300)}`,
			applicantName: `Fasse, J. ${index % 300}`,
			status: 'Processed',
			told: 0,
			missing: 0,
			gone: false,
			round: index % 5 === 0 ? 1 : 0,
		},
	]);
	const spaces = Array.from({ length: 60 }, (_, index) => `003.0.${10 + index}`);
	const windows = new Map(
		spaces.map((id): [string, [number, number]] => [id, [now, now + 31 * DAY]]),
	);
	return { environment: 'https://customer.ultimo.net', failures: 0, windows, known: new Map(all) };
}

test.each([
	['200 different descriptions', 200, 60_000],
	['a description of its own for each', 2000, 115_000],
])('2,000 reservations, %s', (_, descriptions, most) => {
	expect(Buffer.byteLength(JSON.stringify(pack(office(descriptions))))).toBeLessThan(most);
});
