import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Chromium =
  | { readonly status: 'found'; readonly path: string }
  | { readonly status: 'missing'; readonly advice: string };

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macApplication = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** A browser that is on this machine: `CHROMIUM_PATH`, or one on PATH. */
export function findChromium(): Chromium {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    ...(process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : []),
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    macApplication,
  ];
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path) return { status: 'found', path };
  return { status: 'missing', advice: 'no chromium found: install it, or set CHROMIUM_PATH to a browser' };
}

/** As `findChromium`; where nothing is found and this is root on a Debian, installs it first. */
export function obtainChromium(): Chromium {
  const found = findChromium();
  if (found.status === 'found') return found;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return found;
  console.log('browser tests: installing chromium with apt-get');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) => spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' });
  // Lists that are not the newest may do: whether they do, the installation says.
  apt('update');
  const installed = apt('install', '--yes', '--no-install-recommends', 'chromium');
  if (installed.status === 0) return findChromium();
  const reason = (installed.stderr || installed.stdout).trim().split('\n').at(-1) ?? '';
  return { status: 'missing', advice: `apt-get install failed (${reason}): install chromium by hand` };
}
