import { readFileSync } from 'node:fs';

/** The package's version. `src/runtime` and the package's `dist/runtime` are equally deep. */
export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(manifest.version);
}
