import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the built page lies: in a clone beside its sources, in the package beside the server. Null when not built. */
export function pageDirectory(): string | null {
  for (const place of ['../../web/dist/', '../page/']) {
    const path = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(path)) return path;
  }
  return null;
}
