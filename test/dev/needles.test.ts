import fc from 'fast-check';
import { find, needles } from '../../dev/publish/needles.mts';

const SECRET = 'fInd/Me+If=You&Can~7d1e5c0b';
const forms = (hay: string | Buffer) => find(needles(SECRET, 'key'), 'it', hay);
const anything = fc.string({ maxLength: 20, unit: 'binary' });

describe('a secret', () => {
	it('is found in any form, whatever is around it', () => {
		fc.assert(
			fc.property(anything, anything, (before, after) => {
				const text = before + SECRET + after;
				const bytes = Buffer.from(text);
				expect(forms(text)).toContain('key, plain in it');
				expect(forms(`?k=${encodeURIComponent(SECRET)}`)).toContain('key, as in a URL in it');
				expect(forms(`"${bytes.toString('base64')}"`)).toContain('key, base64 in it');
				expect(forms(`"${bytes.toString('base64url')}"`)).toContain('key, base64url in it');
				expect(forms(bytes.toString('hex'))).toContain('key, hexadecimal in it');
				expect(forms(Buffer.from(text, 'utf16le'))).toContain('key, UTF-16 in it');
			}),
		);
	});

	it('is found in no text without it', () => {
		fc.assert(fc.property(anything, (text) => expect(forms(text)).toEqual([])));
	});
});
