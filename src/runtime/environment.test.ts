import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dispatchai-environment-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('reads .env, under the real environment', () => {
  writeFileSync(join(directory, '.env'), 'HOST=from-file\nLOG_LEVEL="warn" # why\n');
  expect(readEnvironment(directory, { HOST: 'real' })).toEqual({ HOST: 'real', LOG_LEVEL: 'warn' });
});

it('takes an empty value as none, and lets the file have its say then', () => {
  writeFileSync(join(directory, '.env'), 'HOST=from-file\nLOG_LEVEL=\n');
  expect(readEnvironment(directory, { HOST: '' })).toEqual({ HOST: 'from-file' });
});

it('does without a file', () => {
  expect(readEnvironment(directory, { HOST: 'real' })).toEqual({ HOST: 'real' });
});
