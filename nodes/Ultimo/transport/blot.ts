/** A shorter text is no key, and would be found in words and numbers that have nothing to do with it. */
const SHORTEST_KEY = 6;
/** As HTML begins a character with it, also within JSON. */
const AMPERSAND = '(?:&|u0026)';
const ENTITIES = new Map([
	['&', 'amp'],
	['<', 'lt'],
	['>', 'gt'],
	['"', 'quot'],
	["'", 'apos'],
]);

/**
 * Replaces an API key in texts of others, which a gateway may have repeated it in: in any case, and
 * with each character as it is or as URLs, forms, HTML, JSON or JavaScript write it; in hexadecimal; in
 * base64, also as the end of something longer, such as a user and a password. Repetitions are
 * bounded, or a text that is nothing else would be gone through from each of its characters.
 */
export function blotter(key: string): (text: string) => string {
	if (key.length < SHORTEST_KEY) return (text) => text;
	const bytes = Buffer.from(key);
	const forms = new RegExp([written(key), hexadecimal(bytes), ...base64(bytes)].join('|'), 'gi');
	return (text) => (text.length < key.length ? text : text.replace(forms, '***'));
}

function written(key: string): string {
	return [...key]
		.map((character) => {
			const code = character.charCodeAt(0);
			const hex = code.toString(16).padStart(2, '0');
			const entity = ENTITIES.get(character);
			const forms = any(
				literal(character),
				`%(?:25){0,4}${hex}`,
				`${AMPERSAND}(?:amp;){0,4}#0{0,8}${code};?`,
				`${AMPERSAND}(?:amp;){0,4}#x0{0,8}${hex};?`,
				...(entity ? [`${AMPERSAND}(?:amp;){0,4}${entity};`] : []),
				`(?:u00|x)${hex}`,
			);
			return `\\\\{0,8}${forms}`;
		})
		.join('');
}

function hexadecimal(bytes: Buffer): string {
	return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('[ :-]?');
}

/** Three forms, by how many bytes before it share its first group of three. */
function base64(bytes: Buffer): string[] {
	return [0, 1, 2].map((before) => {
		const whole = Buffer.concat([Buffer.alloc(before), bytes]);
		// What holds bits of the neighbours as well differs with them.
		const [first, last] = [Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6)];
		const own = [...whole.toString('base64').slice(first, last)].map((character) => {
			if (character === '+') return any('[+-]', '%2b');
			return character === '/' ? any('[/_]', '%2f') : character;
		});
		return `[\\w+/-]?${own.join('')}[\\w+/-]?(?:=|%3d){0,2}`;
	});
}

function any(...patterns: string[]): string {
	return `(?:${patterns.join('|')})`;
}

function literal(character: string): string {
	return /\w/.test(character) ? character : `\\${character}`;
}
