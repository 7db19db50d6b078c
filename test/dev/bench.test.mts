import { readFileSync } from 'node:fs';

import { markdown } from '../../dev/markdown.mts';
import { median, spread, verdict } from '../../dev/bench/figures.mts';

describe('the figures of the bench', () => {
	it.each([
		[[3], 3],
		[[5, 1, 3], 3],
		[[4, 1, 2, 9], 3],
	])('have a median: %j', (values, middle) => expect(median(values)).toBe(middle));

	it('show how far the runs lie apart', () => {
		expect(spread([2, 1, 4])).toBe('2.0 (1.0 to 4.0)');
		expect(spread([20.01, 20.02])).toBe('20.0');
	});

	it.each([
		[1, 1.02, 'met'],
		[1.02, 1.02, 'met'],
		[1.1, 1, 'FALLS SHORT by 10.0%'],
		[1, 0, 'MISSED'],
		[NaN, 1, 'not measured'],
	])('are held against the goal: %d of %d', (value, goal, words) => {
		expect(verdict({ what: '', value, goal, unit: 'x' })).toBe(words);
	});

	it('are a table', () => {
		expect(markdown([{ a: 1, b: 'x' }])).toBe('| a | b |\n| --- | --- |\n| 1 | x |');
	});
});

describe('README tells the figures of the last bench', () => {
	const [readme, results] = ['README.md', 'dev/bench/RESULTS.md'].map((file) =>
		readFileSync(file, 'utf8').replace(/\s+/g, ' '),
	);

	it('of a list', () => {
		const [, seconds] = /Latency 0 ms;.*?\| Ultimo Reservation \| \d+ \| ([\d.]+)/.exec(results)!;
		expect(readme).toContain(`250 cancellations take ${seconds} s`);
	});

	it('of three processes', () => {
		const [, only, least = only, most = only] =
			/In all: ([\d.]+)(?: \(([\d.]+) to ([\d.]+)\))? s\./.exec(results)!;
		const whole = [least, most].map((seconds) => Math.round(Number(seconds)));
		const range = [...new Set(whole)].join(' to ');
		expect(readme).toContain(`200 cancellations each take ${range} s (bound 50 s)`);
	});
});
