import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('run.fixture.js', import.meta.url));
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dispatchai-run-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Starts a launcher with this script as its server; every line that the server prints can be awaited. */
function launch(script: string): { readonly launcher: ChildProcess; readonly lines: AsyncIterator<string> } {
  const file = join(directory, 'server.mjs');
  writeFileSync(file, script);
  const launcher = spawn(process.execPath, [fixture, file, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { launcher, lines: createInterface({ input: launcher.stdout! })[Symbol.asyncIterator]() };
}

const next = async (lines: AsyncIterator<string>): Promise<string> => (await lines.next()).value;

const counting = `
  let signals = 0;
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => { signals += 1; console.log('signal ' + signals); setTimeout(() => process.exit(7), 200); });
  process.once('disconnect', () => { console.log('the launcher is gone'); process.exit(0); });
  console.log(process.pid);
`;

it('ends with the code of the server', async () => {
  const { launcher } = launch('process.exit(3)');
  expect(await once(launcher, 'exit')).toEqual([3, null]);
});

it('ends as a server does that was killed', async () => {
  const { launcher } = launch("process.kill(process.pid, 'SIGKILL')");
  expect(await once(launcher, 'exit')).toEqual([137, null]);
});

it('passes on a signal that reached it alone', async () => {
  const { launcher, lines } = launch(counting);
  await next(lines);
  launcher.kill('SIGTERM');
  expect(await next(lines)).toBe('signal 1');
  expect(await once(launcher, 'exit')).toEqual([7, null]);
});

it('does not pass on a signal that the server obeyed', async () => {
  const { launcher, lines } = launch(counting);
  const server = Number(await next(lines));
  launcher.kill('SIGTERM');
  process.kill(server, 'SIGTERM');
  expect(await next(lines)).toBe('signal 1');
  expect(await once(launcher, 'exit')).toEqual([7, null]);
  expect((await lines.next()).done).toBe(true);
});

it('takes repeated signals as one', async () => {
  const { launcher, lines } = launch(counting.replace('200', '1500'));
  await next(lines);
  launcher.kill('SIGTERM');
  launcher.kill('SIGTERM');
  launcher.kill('SIGINT');
  expect(await next(lines)).toBe('signal 1');
  expect(await once(launcher, 'exit')).toEqual([7, null]);
  expect((await lines.next()).done).toBe(true);
});

it('is missed by the server when it was killed', async () => {
  const { launcher, lines } = launch(counting);
  await next(lines);
  launcher.kill('SIGKILL');
  expect(await next(lines)).toBe('the launcher is gone');
});
