import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NewRecord } from '../../log/event-log.ts';
import { importCommand } from './import.ts';

describe('dispatchai import', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'import-'));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
    await rm(directory, { recursive: true });
  });

  const run = async (text: string, ...options: string[]) => {
    const out = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const records: NewRecord[] = [];
    let closed = 0;
    const command = importCommand(async () => ({
      append: async (batch) => records.push(...batch),
      lag: async () => 0,
      close: async () => {
        closed += 1;
      },
    }));
    const file = join(directory, 'issues.json');
    await writeFile(file, text);
    await command.parseAsync([file, ...options], { from: 'user' });
    const lines = (spy: typeof out) => spy.mock.calls.map(([line]) => String(line));
    return { records, closed, out: lines(out), error: lines(error), code: process.exitCode };
  };
  const repository = '{"id":42,"full_name":"octo/hello"}';
  const time = '2026-02-02T03:04:05Z';
  const issue = JSON.stringify({
    number: 1,
    title: 'One',
    html_url: 'u',
    created_at: time,
    updated_at: time,
  });

  it('imports a file and says what it did', async () => {
    const { records, closed, error, code } = await run(`${repository}[${issue}]`);
    expect(records.map(({ key }) => key)).toEqual(['42#1']);
    expect([closed, code]).toEqual([1, 0]);
    expect(error.at(-1)).toBe('octo/hello: 1 read, 1 imported, 0 pull requests skipped');
  });

  it('says it as lines of JSON', async () => {
    const { out } = await run(`${repository}[${issue}]`, '--json');
    expect(out.map((line) => JSON.parse(line).kind)).toEqual(['progress', 'done']);
  });

  it('says which file it cannot read', async () => {
    let closed = false;
    const command = importCommand(async () => ({
      append: () => Promise.reject(new Error('nothing can come')),
      lag: async () => 0,
      close: async () => {
        closed = true;
      },
    }));
    const file = join(directory, 'none.json');
    const running = command.parseAsync([file], { from: 'user' });
    await expect(running).rejects.toThrow(`${file} cannot be read: there is no such file`);
    expect(closed).toBe(true);
  });

  it('ends with 1 and the place where the input is wrong', async () => {
    const { error, code, closed } = await run(`${repository}\n[${issue} oops]`);
    expect([closed, code]).toEqual([1, 1]);
    expect(error.join('\n')).toMatch(/Stopped at line 2 \(byte \d+\): expected "," or "\]", found "o"\./);
    expect(error.at(-1)).toBe('What was imported stays; importing again is harmless.');
  });
});
