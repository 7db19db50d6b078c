/**
 * Reads the format `flatted`, in which n8n stores executions: a list of values whose texts, where
 * they are inside an object or list, are places in that list.
 */
export function unflatten(text: string): unknown {
	const values = JSON.parse(text) as unknown[];
	const whole = new Map<number, unknown>();
	const valueAt = (place: number): unknown => {
		const value = values[place];
		if (typeof value !== 'object' || value === null) return value;
		if (whole.has(place)) return whole.get(place);
		const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
		whole.set(place, copy);
		for (const [key, inner] of Object.entries(value)) {
			(copy as Record<string, unknown>)[key] =
				typeof inner === 'string' ? valueAt(Number(inner)) : inner;
		}
		return copy;
	};
	return valueAt(0);
}
