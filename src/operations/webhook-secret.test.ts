import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandomness as randomness } from '../effects/randomness.ts';
import { ensureWebhookSecret } from './webhook-secret.ts';

describe('the secret of an installation that was given none', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'webhook-secret-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is made once, for its owner alone', async () => {
    const dataDir = join(directory, 'data');
    const first = await ensureWebhookSecret({ dataDir, randomness });
    expect(first).toEqual({ kind: 'generated', secret: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await stat(join(dataDir, 'webhook-secret'))).mode & 0o777).toBe(0o600);
    expect(await ensureWebhookSecret({ dataDir, randomness })).toEqual({
      kind: 'existing',
      secret: first.secret,
    });
    expect(await readdir(dataDir)).toEqual(['webhook-secret']);
  });

  it('is the same for all that start at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () => ensureWebhookSecret({ dataDir: directory, randomness })),
    );
    expect(new Set(all.map(({ secret }) => secret)).size).toBe(1);
    expect(all.filter(({ kind }) => kind === 'generated')).toHaveLength(1);
  });

  it('is closed to others when it was open, and never an empty one', async () => {
    const path = join(directory, 'webhook-secret');
    await writeFile(path, 'a secret of some length\n');
    await chmod(path, 0o644);
    const found = await ensureWebhookSecret({ dataDir: directory, randomness });
    expect(found).toEqual({ kind: 'existing', secret: 'a secret of some length' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await writeFile(path, '\n');
    await expect(ensureWebhookSecret({ dataDir: directory, randomness })).rejects.toThrow(/no usable secret/);
  });
});
