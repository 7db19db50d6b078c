/** A value as text; an object may have no `toString`, or a field of that name. */
export function written(value: unknown): string {
	if (typeof value !== 'object' || value === null) return String(value);
	try {
		return JSON.stringify(value) ?? typeof value;
	} catch {
		return typeof value;
	}
}

/** A text as far as a message shows it. */
export function cut(text: string, most = 200): string {
	return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** Message and advice as one text; Ultimo's own messages end with a full stop or without. */
export function inWords(message: string, advice: string | null | undefined): string {
	return advice ? `${withoutStop(message)}. ${advice}` : message;
}

export function withoutStop(message: string): string {
	// Looks back, or each of many stops in the middle would be the begin of another attempt.
	return message.replace(/(?<![.\s])[.\s]+$/, '');
}

/** A message with the code that a builder finds it by. */
export function withCode(message: string, code: string | undefined): string {
	return code ? `${withoutStop(message)} [${code}]` : message;
}
