import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needsVerification, readBootId, readClusterState, writeClusterState } from './cluster-state.ts';

describe('the note on how the cluster was left', () => {
  it('asks for a reading only after a crash of the machine, or when nothing is known', () => {
    expect(needsVerification(null, 'b')).toBe(true);
    expect(needsVerification({ bootId: 'a', clean: false }, 'b')).toBe(true);
    expect(needsVerification({ bootId: 'a', clean: true }, 'b')).toBe(false);
    expect(needsVerification({ bootId: 'b', clean: false }, 'b')).toBe(false);
  });

  it('is read as it was written; an absent or broken one is no note', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'dispatchai-state-'));
    const file = join(directory, 'state.json');
    expect(await readClusterState(file)).toBeNull();
    await writeClusterState(file, { bootId: 'a', clean: true });
    await writeClusterState(file, { bootId: 'b', clean: false });
    expect(await readClusterState(file)).toEqual({ bootId: 'b', clean: false });
    expect(await readdir(directory)).toEqual(['state.json']);
    for (const broken of ['', '{', '{"bootId":1}']) {
      await writeFile(file, broken);
      expect(await readClusterState(file)).toBeNull();
    }
    await rm(directory, { recursive: true });
  });

  it('names this boot, the same each time', async () => {
    const id = await readBootId();
    expect(id).toMatch(/^[0-9A-Fa-f-]{36}$/);
    expect(await readBootId()).toBe(id);
  });
});
