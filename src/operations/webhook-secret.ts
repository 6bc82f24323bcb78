import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Randomness } from '../effects/randomness.ts';

export interface WebhookSecret {
  readonly kind: 'generated' | 'existing';
  readonly secret: string;
}

/** Shorter ones can be guessed from a single signed delivery. */
const leastLength = 16;

/**
 * The secret of an installation that was given none: 32 random bytes in hex, in `<dataDir>/webhook-secret`,
 * readable by its owner alone. Two that start at once get the same one.
 */
export async function ensureWebhookSecret(options: {
  readonly dataDir: string;
  readonly randomness: Randomness;
}): Promise<WebhookSecret> {
  const path = join(options.dataDir, 'webhook-secret');
  const existing = await readSecret(path);
  if (existing !== null) return { kind: 'existing', secret: existing };
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const secret = Buffer.from(options.randomness.bytes(32)).toString('hex');
  if (await createSecret(path, secret, options.randomness)) return { kind: 'generated', secret };
  const others = await readSecret(path);
  if (others === null) throw new Error(`${path} vanished while it was read`);
  return { kind: 'existing', secret: others };
}

async function readSecret(path: string): Promise<string | null> {
  try {
    const secret = (await readFile(path, 'utf8')).trim();
    if (secret.length < leastLength) {
      throw new Error(`${path} holds no usable secret; remove it to have a new one made`);
    }
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600);
    return secret;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** False when somebody else made the file first. A link, because it appears whole or not at all. */
async function createSecret(path: string, secret: string, randomness: Randomness): Promise<boolean> {
  const draft = `${path}.${randomness.uuid()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${secret}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
