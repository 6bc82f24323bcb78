import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installPackages } from './packages.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dispatchai-packages-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const entry = (version: string) => ({ version, integrity: `sha512-${version}` });
const lockfile = (packages: object) =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } });

function given(wanted: object, installed: object): void {
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'package-lock.json'), lockfile(wanted));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), lockfile(installed));
}

/** A Node that is not there: whoever wants to install with it fails. */
const install = () =>
  installPackages({ root, cache: join(root, '.runtime'), node: join(root, 'no-such-node') });

it('takes what `npm install` left when it is the lockfile’s, and stamps it', async () => {
  const other = { ...entry('3'), optional: true, os: ['win32'] };
  given({ 'node_modules/a': entry('1'), 'node_modules/b': other }, { 'node_modules/a': entry('1') });
  await install();
  expect(readFileSync(join(root, 'node_modules', '.dispatchai-lockfile'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  await install();
});

it.each([
  ['another version', { 'node_modules/a': entry('2') }],
  ['one missing', {}],
])('installs when there is %s, and leaves the former ones when that fails', async (_why, installed) => {
  given({ 'node_modules/a': entry('1') }, installed);
  await expect(install()).rejects.toThrow();
  expect(existsSync(join(root, 'node_modules', '.dispatchai-lockfile'))).toBe(false);
  expect(existsSync(join(root, 'node_modules', '.package-lock.json'))).toBe(true);
});
