import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storableText } from './storable-text.ts';

describe('storableText', () => {
  it('replaces NUL and lone surrogates, each by one U+FFFD', () => {
    expect(storableText('a\u0000b\uD83Dc\uDE00\u0000')).toBe('a\uFFFDb\uFFFDc\uFFFD\uFFFD');
  });

  it('leaves everything else as it is', () => {
    for (const text of ['', 'plain', '😀 Ünïcode \t\r\n\u0001']) expect(storableText(text)).toBe(text);
  });

  it('gives text that UTF-8 carries there and back, without NUL, of the same length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        const text = `${left}\uD800${right}\u0000`;
        const stored = storableText(text);
        expect(Buffer.from(stored, 'utf8').toString('utf8')).toBe(stored);
        expect(stored).not.toContain('\u0000');
        expect(stored).toHaveLength(text.length);
      }),
    );
  });
});
