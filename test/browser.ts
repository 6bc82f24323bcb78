import { type Browser, chromium, type Page, type Request } from 'playwright-core';
import { findChromium } from '../scripts/chromium.ts';
import { until } from './until.ts';

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

/** Watches a page's requests to a place; `quiet` resolves once there was one, all are answered, and a second has passed. */
export function watchRequests(page: Page, place: string): { quiet(): Promise<void> } {
  let begun = 0;
  let ended = 0;
  let lastAt = 0;
  const isWatched = (request: Request) => request.url().includes(place);
  const end = (request: Request) => {
    if (isWatched(request)) ended += 1;
  };
  page.on('request', (request) => {
    if (!isWatched(request)) return;
    begun += 1;
    lastAt = performance.now();
  });
  page.on('requestfinished', end);
  page.on('requestfailed', end);
  const isQuiet = () => begun > 0 && begun === ended && performance.now() - lastAt > 1_000;
  return { quiet: () => until(isQuiet, { what: `the page asks ${place} no more`, withinMs: 30_000 }) };
}
