import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { systemRandomness } from '../../effects/randomness.ts';
import { silent } from '../../effects/silent.fixture.ts';
import { all, keysOf, record, valuesOf } from '../conformance/harness.ts';
import { LogUnavailableError, RecordTooLargeError } from '../event-log.ts';
import { declaredTopics } from '../topic-configuration.ts';
import { StandingClock } from './embedded-log.fixture.ts';
import { SqliteLog } from './sqlite-log.ts';
import { Store } from './store.ts';

const [key = ''] = keysOf(0, 1);
const place = { topic: topics.raw, partition: 0 };
const kilobytes = (count: number) => record(key, '', { value: new Uint8Array(count * 1_000) });

describe('concurrent appends', () => {
  const configuration = declaredTopics('development');
  let directory: string;
  let store: Store;
  let log: SqliteLog;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'embedded-log-'));
    store = new Store(join(directory, 'log.sqlite'), configuration, systemRandomness);
    const effects = { clock: new StandingClock(), randomness: systemRandomness, logger: silent };
    log = new SqliteLog({ ...effects, configuration }, store);
  });
  afterEach(async () => {
    await log.close();
    await rm(directory, { recursive: true });
  });

  it('share transactions', async () => {
    const appenders = Array.from({ length: 64 }, async (_, appender) => {
      for (let n = 0; n < 5; n++) await log.append([record(`${appender}`, `${n}`)]);
    });
    await Promise.all(appenders);
    expect(log.stats().records).toBe(320);
    expect(log.stats().transactions).toBeLessThan(32);
  });

  it('share them with mirrors, which count as none', async () => {
    await Promise.all([
      log.append([record(key, '')]),
      log.setGroupOffsets('group', [{ ...place, offset: 1 }]),
      log.append([record(key, '')]),
    ]);
    await log.setGroupOffsets('group', [{ ...place, offset: 2 }]);
    expect(log.stats()).toEqual({ transactions: 1, records: 2 });
  });

  it('are cut by bytes, a call never', async () => {
    await Promise.all(Array.from({ length: 10 }, () => log.append([kilobytes(1_500)])));
    expect(log.stats()).toEqual({ transactions: 5, records: 10 });
    await log.append(Array.from({ length: 10 }, () => kilobytes(1_500)));
    expect(log.stats()).toEqual({ transactions: 6, records: 20 });
  });

  it('do not suffer from one that is too large', async () => {
    const [large, small] = await Promise.allSettled([
      log.append([kilobytes(27_300)]),
      log.append([kilobytes(1)]),
    ]);
    expect(large).toMatchObject({ status: 'rejected', reason: expect.any(RecordTooLargeError) });
    expect(small.status).toBe('fulfilled');
  });

  it('all fail when the disk is full, leave nothing behind, and succeed when there is space again', async () => {
    await log.append([record(key, 'before')]);
    const [row] = store.db.prepare('pragma page_count').all();
    store.db.exec(`pragma max_page_count = ${Number(row?.page_count) + 20}`);
    const refused = await Promise.allSettled(Array.from({ length: 10 }, () => log.append([kilobytes(50)])));
    for (const one of refused) {
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(LogUnavailableError) });
    }
    expect((await log.ranges(topics.raw))[0]).toMatchObject({ start: 0, end: 1 });
    expect(valuesOf(await all(log.read({ ...place, from: 0 })))).toEqual(['before']);
    store.db.exec('pragma max_page_count = 1000000');
    expect(await log.append([record(key, 'after')])).toEqual([{ ...place, offset: 1 }]);
    expect(valuesOf(await all(log.read({ ...place, from: 0 })))).toEqual(['before', 'after']);
  });

  it('that are under way when the log closes are written', async () => {
    const appended = log.append([record(key, '')]);
    await log.close();
    expect(await appended).toEqual([{ ...place, offset: 0 }]);
  });

  it('do not suffer from one whose timestamp is none', async () => {
    const [wrong, right] = await Promise.allSettled([
      log.append([record(key, '', { timestamp: Number.NaN })]),
      log.append([record(key, '', { timestamp: 1.5 })]),
    ]);
    expect(wrong).toMatchObject({ status: 'rejected', reason: expect.any(RangeError) });
    expect(right.status).toBe('fulfilled');
  });

  it('belong to one process: a second opener is refused', () => {
    expect(() => new Store(join(directory, 'log.sqlite'), configuration, systemRandomness)).toThrow(
      LogUnavailableError,
    );
  });
});
