import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { until } from '../until.ts';
import { isRunning } from './processes.ts';

const fixture = new URL('./leave-behind.fixture.ts', import.meta.url).pathname;

it.each(['SIGKILL', 'SIGINT'] as const)('ends what a test process leaves behind after %s', async (signal) => {
  const tests = spawn(process.execPath, [fixture], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(tests.stdout, 'data');
  const { pid, directory }: { pid: number; directory: string } = JSON.parse(String(line));
  expect(isRunning(pid) && existsSync(directory)).toBe(true);
  tests.kill(signal);
  await until(() => !isRunning(pid) && !existsSync(directory), {
    what: 'process and directory are gone',
    withinMs: 10_000,
  });
});
