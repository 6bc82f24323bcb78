import { expect, test } from 'vitest';
import { SeenRecords } from './relay-seen.ts';

const bytes = (text: string) => Buffer.from(text);

test('keeps the last and the highest version of each key; what cannot be read counts as older than everything', () => {
  const seen = new SeenRecords();
  const values = ['{"version":5}', '{"version":9}', '{"version":7}'];
  for (const value of values) seen.add('t', 'a', bytes(value));
  for (const value of ['{"version":3}', 'not json', '[]', 'null', '{"version":"9"}', '{"version":-1}']) {
    seen.add('t', 'b', bytes(value));
  }
  seen.add('t', 'c', null);
  expect(seen.values()).toEqual([
    { topic: 't', key: 'a', last: 7, highest: 9 },
    { topic: 't', key: 'b', last: 0, highest: 3 },
    { topic: 't', key: 'c', last: 0, highest: 0 },
  ]);
});
