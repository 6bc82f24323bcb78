import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from './step.js';

const HOUR_MS = 3_600_000;
const scratchPrefix = 'unfinished-';

/** Where an installed package keeps what it fetched: a package's own directory may be read-only or short-lived (npx). */
export function cacheDirectory() {
  const base =
    process.env.XDG_CACHE_HOME ||
    (process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache'));
  return join(base, 'dispatchai');
}

/** A new empty directory beside what it will be renamed to. Removes what interrupted starts left behind. */
export function scratchDirectory(cache) {
  try {
    mkdirSync(cache, { recursive: true });
    for (const name of readdirSync(cache)) {
      const path = join(cache, name);
      // An hour: one that is younger may belong to another start that is still at work.
      if (name.startsWith(scratchPrefix) && Date.now() - statSync(path).mtimeMs > HOUR_MS) remove(path);
    }
    return mkdtempSync(join(cache, scratchPrefix));
  } catch (error) {
    throw new Failure(
      `cannot write to ${cache} (${error.code}). Make it writable, or set XDG_CACHE_HOME to a directory that is.`,
    );
  }
}

export function remove(path) {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}
