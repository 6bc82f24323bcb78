import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FeedWindow } from './feed-window.ts';

const limits = { ageMs: 1_000, entries: 10, bytes: 1_000 };
const starts = [0, 1, 2].map((partition) => ({ partition, offset: 100 }));
const feedId = 'feed';

function windowOf(
  records: readonly { partition: number; offset: number; timestamp?: number; bytes?: number }[],
) {
  const window = new FeedWindow<string>(starts, limits);
  for (const { partition, offset, timestamp = 0, bytes = 1 } of records) {
    window.add({ partition, offset, timestamp, bytes }, () => `${partition}/${offset}`, timestamp);
  }
  return window;
}

const from = (window: FeedWindow<string>, sequence: number) =>
  Array.from({ length: window.end - sequence }, (_, index) => window.at(sequence + index));

test('a cursor is placed at the first record that it has not seen, over gaps in the offsets', () => {
  const window = windowOf([
    { partition: 0, offset: 100 },
    { partition: 1, offset: 107 },
    { partition: 0, offset: 103 },
  ]);
  const place = (offsets: number[]) => window.place({ feedId, time: 0, offsets }, feedId, 0);
  expect(place([100, 100, 100])).toEqual({ outcome: 'resume', sequence: 0 });
  expect(place([101, 100, 100])).toEqual({ outcome: 'resume', sequence: 1 });
  expect(place([102, 108, 100])).toEqual({ outcome: 'resume', sequence: 2 });
  expect(place([104, 108, 100])).toEqual({ outcome: 'resume', sequence: 3 });
  expect(place([105, 108, 100])).toEqual({ outcome: 'ahead' });
});

test('what cannot be placed is told to load again', () => {
  const window = windowOf([{ partition: 0, offset: 100, timestamp: 500 }]);
  const outcome = (cursor: { feedId?: string; time?: number; offsets: number[] }, now: number) =>
    window.place({ feedId, time: 0, ...cursor }, feedId, now).outcome;
  expect(outcome({ feedId: 'another', offsets: [100, 100, 100] }, 0)).toBe('resync');
  expect(outcome({ offsets: [100, 100] }, 0)).toBe('resync');
  expect(outcome({ offsets: [99, 100, 100] }, 0)).toBe('resync');
  expect(outcome({ offsets: [100, 100, 100] }, 1_001)).toBe('resync');
  // Nothing has happened since, however long ago that is.
  expect(outcome({ offsets: [101, 100, 100] }, 1_001)).toBe('resume');
});

test('is bounded in entries, bytes and age, and knows from where on it is complete', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          partition: fc.integer({ min: 0, max: 2 }),
          step: fc.nat(3),
          wait: fc.nat(200),
          bytes: fc.nat(300),
        }),
        { maxLength: 200 },
      ),
      (steps) => {
        const window = new FeedWindow<string>(starts, limits);
        const offsets = [100, 100, 100];
        const all: { readonly partition: number; readonly offset: number; readonly name: string }[] = [];
        let now = 0;
        for (const { partition, step, wait, bytes } of steps) {
          now += wait;
          const offset = (offsets[partition] ?? 0) + step;
          offsets[partition] = offset + 1;
          const name = `${partition}/${offset}`;
          all.push({ partition, offset, name });
          window.add({ partition, offset, timestamp: now, bytes }, () => name, now);
          expect(window.end - window.first).toBeLessThanOrEqual(limits.entries);
          expect(window.bytes).toBeLessThanOrEqual(limits.bytes);
        }
        expect(window.end).toBe(all.length);
        // From every moment that is still complete, exactly what came after it is given.
        for (let seen = 0; seen <= all.length; seen += 1) {
          const cursor = [100, 100, 100];
          for (const { partition, offset } of all.slice(0, seen)) cursor[partition] = offset + 1;
          const placed = window.place({ feedId, time: now, offsets: cursor }, feedId, now);
          if (seen < window.first) continue;
          expect(placed.outcome).toBe('resume');
          if (placed.outcome === 'resume') {
            expect(from(window, placed.sequence)).toEqual(all.slice(seen).map(({ name }) => name));
          }
        }
      },
    ),
  );
});
