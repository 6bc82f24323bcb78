import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Refusal } from '../runtime/refusal.ts';
import { readingFile } from './reading-file.ts';

it('says in one line which file cannot be read, also where the error has no path', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'reading-file-'));
  for (const path of [join(directory, 'none'), directory, join(import.meta.filename, 'below')]) {
    const failure = await readingFile(path, () => readFile(path)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Refusal);
    expect(String(failure)).toMatch(new RegExp(`${path} cannot be read: `));
    expect(String(failure)).not.toContain('\n');
  }
  rmdirSync(directory);
});

it('leaves everything else as it is', async () => {
  expect(await readingFile('x', async () => 1)).toBe(1);
  await expect(
    readingFile('x', async () => readFileSync(import.meta.filename, { encoding: 'no' as 'hex' })),
  ).rejects.not.toBeInstanceOf(Refusal);
  const other = Object.assign(new Error('no log'), { code: 'ENOENT', path: '/data/log' });
  await expect(readingFile('x', () => Promise.reject(other))).rejects.toBe(other);
});
