export interface Goal {
	what: string;
	value: number;
	/** At most this much. */
	goal: number;
	/** Follows both figures. */
	unit: string;
}

/** Of an even number of values, the mean of the two in the middle. */
export function median(values: number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = sorted.length / 2;
	return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

export function verdict({ value, goal }: Goal): string {
	if (Number.isNaN(value)) return 'not measured';
	if (value <= goal) return 'met';
	return goal === 0 ? 'MISSED' : `FALLS SHORT by ${((value / goal - 1) * 100).toFixed(1)}%`;
}

export const isMet = (goal: Goal) => verdict(goal) === 'met';

const shown = (value: number, unit: string) =>
	`${Number.isInteger(value) ? value : value.toFixed(2)}${unit}`;

export const goalRows = (goals: Goal[]) =>
	goals.map((goal) => ({
		Goal: goal.what,
		Measured: shown(goal.value, goal.unit),
		'At most': shown(goal.goal, goal.unit),
		Verdict: verdict(goal),
	}));

/** Median, and the lowest and highest where they differ in the digits shown. */
export function spread(values: number[], digits = 1): string {
	const [low, high] = [Math.min(...values), Math.max(...values)].map((v) => v.toFixed(digits));
	const middle = median(values).toFixed(digits);
	return low === high ? middle : `${middle} (${low} to ${high})`;
}

/** What a scenario gives: a piece of Markdown and the goals that it measured. */
export interface Section {
	title: string;
	text: string;
	goals: Goal[];
}
