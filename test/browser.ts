import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../scripts/chromium.ts';

const found = findChromium();

/** `npm test` installs one where it may. */
export const hasChromium = found.status === 'found';

export function openBrowser(): Promise<Browser> {
  if (found.status === 'missing') throw new Error(found.advice);
  return chromium.launch({
    executablePath: found.path,
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
