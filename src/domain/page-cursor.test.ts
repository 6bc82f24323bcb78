import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePageCursor, encodePageCursor } from './page-cursor.ts';

test('a cursor comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4e12 }),
      fc.maxSafeInteger(),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      (updatedAt, repositoryId, number) => {
        const cursor = { updatedAt, repositoryId, number };
        expect(decodePageCursor(encodePageCursor(cursor))).toEqual(cursor);
      },
    ),
  );
});

test('anything else is no cursor, and nothing throws', () => {
  fc.assert(fc.property(fc.string(), (text) => decodePageCursor(text) === null));
  const forged = (text: string) => decodePageCursor(Buffer.from(text).toString('base64url'));
  for (const text of [
    '',
    '[]',
    '[1,2]',
    '[1,2,3,4]',
    '["1",2,3]',
    '[1e9,2,3]',
    '[9999999999999999,1,1]',
    '{}',
    '[1,9999999999999999,1]',
  ]) {
    expect(forged(text)).toBeNull();
  }
});
