import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { all, keysOf, record, valuesOf } from '../conformance/harness.ts';
import { EmbeddedLogFixture } from './embedded-log.fixture.ts';

const day = 86_400_000;
const [key = '', other = ''] = keysOf(0, 2);
const place = { topic: topics.raw, partition: 0 };
const enriched = { topic: topics.enriched, partition: 0 };
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

const opened: EmbeddedLogFixture[] = [];
const open = async (...overrides: Parameters<typeof EmbeddedLogFixture.open>) => {
  const fixture = await EmbeddedLogFixture.open(...overrides);
  opened.push(fixture);
  return fixture;
};
afterEach(async () => {
  for (const fixture of opened.splice(0)) await fixture.dispose();
});

const startOf = async ({ log }: EmbeddedLogFixture) => (await log.ranges(topics.raw))[0]?.start;

describe('retention', () => {
  it('keeps an unread topic for ever', async () => {
    const fixture = await open();
    await fixture.log.append([record(key, '')]);
    fixture.clock.time += 365 * day;
    expect(await fixture.log.clean()).toEqual({ trimmed: 0, compacted: 0, tombstones: 0 });
    expect(await startOf(fixture)).toBe(0);
  });

  it('takes what has expired, never past the lowest committed offset', async () => {
    const fixture = await open();
    const { log, clock } = fixture;
    await log.append(numbers(1_000).map((value) => record(key, value)));
    await log.setGroupOffsets('fast', [{ ...place, offset: 900 }]);
    await log.setGroupOffsets('slow', [{ ...place, offset: 700 }]);
    await log.clean();
    expect(await startOf(fixture)).toBe(0);
    clock.time += day + 1;
    await log.append([record(key, 'young')]);
    expect(await log.clean()).toMatchObject({ trimmed: 700 });
    expect(await startOf(fixture)).toBe(700);
    expect(valuesOf(await all(log.read({ ...place, from: 700 })))).toEqual([
      ...numbers(1_000).slice(700),
      'young',
    ]);
    await log.setGroupOffsets('slow', [{ ...place, offset: 1_001 }]);
    await log.setGroupOffsets('fast', [{ ...place, offset: 1_001 }]);
    await log.clean();
    expect(await startOf(fixture)).toBe(1_000);
  });

  it('holds everything for a group that reads the topic but has no offset in the partition', async () => {
    const fixture = await open();
    await fixture.log.append([record(key, '')]);
    await fixture.log.setGroupOffsets('group', [{ ...place, partition: 1, offset: 0 }]);
    fixture.clock.time += 2 * day;
    await fixture.log.clean();
    expect(await startOf(fixture)).toBe(0);
  });

  it('keeps the end when nothing is left, also over a restart', async () => {
    const fixture = await open();
    await fixture.log.append(numbers(600).map((value) => record(key, value)));
    await fixture.log.setGroupOffsets('group', [{ ...place, offset: 600 }]);
    fixture.clock.time += 2 * day;
    await fixture.log.clean();
    await fixture.reopen();
    expect((await fixture.log.ranges(topics.raw))[0]).toMatchObject({ start: 600, end: 600 });
    expect(await fixture.log.append([record(key, 'next')])).toMatchObject([{ offset: 600 }]);
  });

  it('by size keeps at least the declared bytes', async () => {
    const config = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '100000' };
    const fixture = await open({ [topics.raw]: { partitions: 3, config } });
    const value = new Uint8Array(1_000);
    await fixture.log.append(numbers(1_000).map(() => record(key, '', { value })));
    await fixture.log.setGroupOffsets('group', [{ ...place, offset: 1_000 }]);
    await fixture.log.clean();
    const start = (await startOf(fixture)) ?? 0;
    expect(start).toBeGreaterThan(500);
    expect(start).toBeLessThanOrEqual(900);
  });
});

describe('compaction', () => {
  it('keeps each key’s last record at its offset, pass after pass', async () => {
    const fixture = await open();
    const { log } = fixture;
    const write = (value: string) => [key, other].map((k) => record(k, value, { topic: topics.enriched }));
    await log.append(numbers(600).flatMap(write));
    expect(await log.clean()).toEqual({ trimmed: 0, compacted: 1_198, tombstones: 0 });
    const read = async () => await all(log.read({ ...enriched, from: 0 }));
    expect((await read()).map(({ offset }) => offset)).toEqual([1_198, 1_199]);
    await log.append([record(key, 'newer', { topic: topics.enriched })]);
    expect(await log.clean()).toMatchObject({ compacted: 1 });
    expect(valuesOf(await read())).toEqual(['599', 'newer']);
    expect(await log.clean()).toMatchObject({ compacted: 0 });
    expect((await log.ranges(topics.enriched))[0]).toMatchObject({ start: 0, end: 1_201 });
  });

  it('keeps a tombstone for a day, then drops it, and the end stays', async () => {
    const fixture = await open();
    const tombstone = { ...record(key, '', { topic: topics.enriched }), value: null };
    await fixture.log.append([record(key, '', { topic: topics.enriched }), tombstone]);
    expect(await fixture.log.clean()).toEqual({ trimmed: 0, compacted: 1, tombstones: 0 });
    fixture.clock.time += day + 1;
    expect(await fixture.log.clean()).toEqual({ trimmed: 0, compacted: 0, tombstones: 1 });
    await fixture.reopen();
    expect((await fixture.log.ranges(topics.enriched))[0]).toMatchObject({ start: 0, end: 2 });
    expect(await all(fixture.log.read({ ...enriched, from: 0 }))).toEqual([]);
    expect(await fixture.log.append([tombstone])).toMatchObject([{ offset: 2 }]);
  });

  it('and retention go together where the topic declares both', async () => {
    const fixture = await open();
    const { log, clock } = fixture;
    const dead = { topic: topics.deadLetter };
    await log.append([record(key, '1', dead), record(other, '1', dead), record(key, '2', dead)]);
    expect(await log.clean()).toMatchObject({ trimmed: 0, compacted: 1 });
    clock.time += 7 * day + 1;
    await log.append([record(other, '2', dead)]);
    expect(await log.clean()).toMatchObject({ trimmed: 2 });
    expect(valuesOf(await all(log.read({ ...dead, partition: 0, from: 3 })))).toEqual(['2']);
  });
});

describe('a pass', () => {
  it('runs by itself whenever the clock says so', async () => {
    const { log, clock } = await open();
    const rewrite = () => log.append([record(key, '', { topic: topics.enriched })]);
    await rewrite();
    for (const offset of [1, 2]) {
      await rewrite();
      clock.wake();
      await turn();
      // This one waits for the pass that the clock has begun, and finds nothing left to do.
      expect(await log.clean()).toMatchObject({ compacted: 0 });
      expect(await all(log.read({ ...enriched, from: 0 }))).toMatchObject([{ offset }]);
    }
  });

  it('ends at its signal and goes on from there in the next', async () => {
    const { log } = await open();
    await log.append(numbers(600).map((value) => record(key, value, { topic: topics.enriched })));
    const stop = new AbortController();
    const pass = log.clean(stop.signal);
    setImmediate(() => stop.abort());
    const before = await pass;
    expect(before.compacted).toBeLessThan(599);
    const after = await log.clean();
    expect(before.compacted + after.compacted).toBe(599);
  });
});
