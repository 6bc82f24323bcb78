import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeDirectory } from './make-directory.ts';

it('makes what is missing, for its owner alone, and says where nothing can be made', async () => {
  const root = mkdtempSync(join(tmpdir(), 'dispatchai-make-'));
  await makeDirectory(join(root, 'a', 'b'));
  await makeDirectory(join(root, 'a', 'b'));
  expect(statSync(join(root, 'a', 'b')).mode & 0o777).toBe(0o700);
  writeFileSync(join(root, 'file'), '');
  for (const path of [join(root, 'file'), join(root, 'file', 'below')]) {
    await expect(makeDirectory(path)).rejects.toMatchObject({ code: 'ENOTDIR' });
  }
  rmSync(root, { recursive: true });
});

it.runIf(process.platform === 'linux')('ends where a file system takes no directories', async () => {
  await expect(makeDirectory('/proc/nope/deeper')).rejects.toMatchObject({ code: 'ENOENT' });
});
