import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { all } from '../conformance/harness.ts';
import { EmbeddedLogFixture } from './embedded-log.fixture.ts';

const script = fileURLToPath(new URL('./append-until-killed.fixture.ts', import.meta.url));

/** Lets a child append until it has acknowledged `count` records, kills it and returns every acknowledgement. */
async function appendAndKill(file: string, count: number): Promise<ReadonlyMap<string, string>> {
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const acknowledged = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    // The kill can cut the last line short; that record counts as not acknowledged.
    if (!line.endsWith('}')) continue;
    const { partition, offset, key } = JSON.parse(line);
    acknowledged.set(`${partition}/${offset}`, key);
    if (acknowledged.size === count) child.kill('SIGKILL');
  }
  expect((await gone)[1]).toBe('SIGKILL');
  return acknowledged;
}

describe('a process that is killed while it appends', () => {
  it('leaves everything that it acknowledged, and nothing in part', { timeout: 60_000 }, async () => {
    const fixture = await EmbeddedLogFixture.open();
    const born = await fixture.log.identity();
    for (const count of [150, 400, 77]) {
      await fixture.log.close();
      const acknowledged = await appendAndKill(fixture.file, count);
      await fixture.reopen();
      const found = new Map<string, string>();
      for (const { partition, start, end } of await fixture.log.ranges(topics.raw)) {
        const records = await all(fixture.log.read({ topic: topics.raw, partition, from: start }));
        expect(records.map(({ offset }) => offset)).toEqual(
          Array.from({ length: end }, (_, offset) => offset),
        );
        for (const { offset, key, value, headers } of records) {
          expect(value).toHaveLength(9_000);
          expect(key.endsWith(`-${headers.n}`)).toBe(true);
          found.set(`${partition}/${offset}`, key);
        }
      }
      for (const [place, key] of acknowledged) expect(found.get(place)).toBe(key);
    }
    expect(await fixture.log.identity()).toEqual(born);
    await fixture.dispose();
  });
});
