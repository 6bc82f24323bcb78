import { describe, expect, it } from 'vitest';
import { RecordTooLargeError } from '../event-log.ts';
import { partitionOf } from '../murmur2.ts';
import type { Create } from './event-log-conformance.ts';
import { all, record, text, valuesOf } from './harness.ts';

export function describeAppending(create: Create): void {
  describe('append', () => {
    it('names each record’s place, in the order given', async () => {
      const { log } = await create();
      const keys = ['a', 'b', 'a', 'c', 'a'];
      const places = await log.append(keys.map((key, index) => record(key, `${index}`)));
      expect(places.map(({ partition }) => partition)).toEqual(keys.map((key) => partitionOf(text(key), 3)));
      for (const [index, place] of places.entries()) {
        const [found] = await all(log.read({ ...place, from: place.offset, to: place.offset + 1 }));
        expect(found).toMatchObject({ ...place, key: keys[index] });
        // Bytes are compared as bytes: a driver may give a subclass of Uint8Array.
        expect(found && valuesOf([found])).toEqual([`${index}`]);
      }
    });

    it('keeps the order of one key over many calls', async () => {
      const { log } = await create();
      const numbers = Array.from({ length: 50 }, (_, index) => String(index));
      await Promise.all(numbers.map((number) => log.append([record('one', number)])));
      const partition = partitionOf(text('one'), 3);
      const found = await all(log.read({ topic: 'issues.raw', partition, from: 0 }));
      expect(valuesOf(found)).toEqual(numbers);
    });

    it('gives back headers, timestamps and every kind of value', async () => {
      const { log } = await create();
      const timestamp = Date.now() - 5_000;
      const binary = Uint8Array.from({ length: 256 }, (_, index) => index);
      const headers = { event: 'issues', 'issue-ü': '日本 “x”', empty: '' };
      await log.append([
        record('k', '', { value: binary, timestamp, headers }),
        record('k', ''),
        record('k', '', { value: null, timestamp: timestamp + 1 }),
      ]);
      const partition = partitionOf(text('k'), 3);
      const found = await all(log.read({ topic: 'issues.raw', partition, from: 0 }));
      expect(found).toHaveLength(3);
      expect(found[0]).toMatchObject({ key: 'k', timestamp, headers });
      expect(Buffer.from(found[0]?.value ?? []).equals(binary)).toBe(true);
      expect(found[1]).toMatchObject({ headers: {} });
      expect(found[1]?.value).toHaveLength(0);
      expect(Math.abs((found[1]?.timestamp ?? 0) - timestamp)).toBeLessThan(60_000);
      expect(found[2]).toMatchObject({ value: null, timestamp: timestamp + 1 });
    });

    it('takes keys of any text, also an empty one', async () => {
      const { log } = await create();
      const keys = ['', '123#4', 'ключ', '🙂'.repeat(100), 'a\u0000b'];
      const places = await log.append(keys.map((key) => record(key, 'x')));
      for (const [index, place] of places.entries()) {
        const [found] = await all(log.read({ ...place, from: place.offset, to: place.offset + 1 }));
        expect(found?.key).toBe(keys[index]);
      }
    });

    it('replaces lone surrogates, which UTF-8 cannot hold', async () => {
      const { log } = await create();
      const [place] = await log.append([record('a\ud800', 'x', { headers: { issue: '\udfff!' } })]);
      const [found] = await all(log.read({ ...place!, from: place!.offset }));
      expect(found).toMatchObject({ key: 'a\ufffd', headers: { issue: '\ufffd!' } });
    });

    it('resolves an append of nothing', async () => {
      const { log } = await create();
      expect(await log.append([])).toEqual([]);
    });

    it('takes a record of many megabytes', async () => {
      const { log } = await create();
      const value = new Uint8Array(5_000_000).map((_, index) => (index * 31 + (index >> 8)) & 255);
      const [place] = await log.append([record('large', '', { value })]);
      const [found] = await all(log.read({ ...place!, from: place!.offset }));
      expect(Buffer.from(found?.value ?? []).equals(value)).toBe(true);
    });

    it('refuses a record over the topic’s limit, alone', async () => {
      const { log } = await create({
        'issues.raw': { partitions: 3, config: { 'cleanup.policy': 'delete', 'max.message.bytes': '50000' } },
      });
      const [before, large, after] = await Promise.allSettled([
        log.append([record('k', 'before')]),
        log.append([record('k', 'x'.repeat(100), { value: crypto.getRandomValues(new Uint8Array(60_000)) })]),
        log.append([record('k', 'after')]),
      ]);
      expect(before.status).toBe('fulfilled');
      expect(after.status).toBe('fulfilled');
      expect(large).toMatchObject({ status: 'rejected', reason: expect.any(RecordTooLargeError) });
      const partition = partitionOf(text('k'), 3);
      const found = await all(log.read({ topic: 'issues.raw', partition, from: 0 }));
      expect([...valuesOf(found)].sort()).toEqual(['after', 'before']);
    });

    it('keeps what it acknowledged when it is opened again', async () => {
      const opened = await create();
      const places = await opened.log.append(['a', 'b', 'c', 'd'].map((key) => record(key, `of ${key}`)));
      await opened.reopen();
      for (const place of places) {
        const [found] = await all(opened.log.read({ ...place, from: place.offset, to: place.offset + 1 }));
        expect(found).toMatchObject(place);
      }
      const [next] = await opened.log.append([record('a', 'more')]);
      const last = Math.max(
        ...places.filter(({ partition }) => partition === next?.partition).map(({ offset }) => offset),
      );
      expect(next?.offset).toBeGreaterThan(last);
    });
  });
}
