import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFeedCursor, encodeFeedCursor } from './feed-cursor.ts';

test('a cursor comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.nat(),
      fc.array(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 12 }),
      (feedId, time, offsets) => {
        expect(decodeFeedCursor(encodeFeedCursor({ feedId, time, offsets }))).toEqual({
          feedId,
          time,
          offsets,
        });
      },
    ),
  );
});

test('anything else is no cursor, and nothing throws', () => {
  const forged = (text: string) => decodeFeedCursor(Buffer.from(text).toString('base64url'));
  for (const text of ['', 'a', 'a,1', ',1,2', 'a,1,x', 'a,1,-2', 'a,1,9999999999999999', 'a,,1']) {
    expect(forged(text)).toBeNull();
  }
  expect(decodeFeedCursor('not base64url!')).toBeNull();
  expect(decodeFeedCursor('A'.repeat(3_000))).toBeNull();
});
