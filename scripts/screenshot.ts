// Makes docs/screenshot.png: a server on a fresh data directory with its samples, seen by a real browser.
//   node bin/dispatchai.js with-node scripts/screenshot.ts
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.ts';
import { root } from './steps.ts';

const ports = { INGRESS_PORT: '28100', CLASSIFIER_PORT: '28101', GATEWAY_PORT: '28102' };
const url = `http://127.0.0.1:${ports.GATEWAY_PORT}`;

const browser = findChromium();
if (browser.status === 'missing') {
  console.error(browser.advice);
  process.exit(1);
}
const data = mkdtempSync(join(tmpdir(), 'dispatchai-screenshot-'));
const environment = { ...process.env, ...ports, DISPATCHAI_DATA_DIR: data, GITHUB_WEBHOOK_SECRET: '' };
const server = spawn(process.execPath, [join(root, 'bin/dispatchai.js'), 'up', '--no-open'], {
  env: environment,
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  await until(async () => (await stats()).total >= 40);
  const chrome = await chromium.launch({
    executablePath: browser.path,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await chrome.newPage({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 2,
    colorScheme: 'light',
  });
  await page.goto(url, { waitUntil: 'load' });
  await page.getByText('sample/').first().waitFor();
  // The page beside the queue, where the window is wide enough for both.
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(root, 'docs', 'screenshot.png') });
  await chrome.close();
  console.log('wrote docs/screenshot.png');
} finally {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true, force: true });
}

async function stats(): Promise<{ readonly total: number }> {
  const response = await fetch(`${url}/api/stats`).catch(() => null);
  return response?.ok ? ((await response.json()) as { total: number }) : { total: 0 };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('the server did not get its samples within a minute');
    await delay(200);
  }
}
