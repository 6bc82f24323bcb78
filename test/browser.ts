import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executable = '/usr/bin/chromium';

/** Debian's Chromium; `npm test` installs it where it may. */
export const hasChromium = existsSync(executable);

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    // Root needs --no-sandbox; the others keep it from calling home.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
