import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { mutations } from './simulator/mutations/mutations.ts';

const main = fileURLToPath(new URL('./simulator/main.ts', import.meta.url));

/** Runs the simulator in a process of its own, as `npm run simulate` does. */
async function simulate(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, text };
}

/** About half a second of processor time each; `npm run simulate -- --runs N` takes as many as there is time for. */
const runs = 300;
test(`${runs} seeded runs with faults keep every promise`, { timeout: 900_000 }, async () => {
  const { code, text } = await simulate('--runs', String(runs), '--jobs', '2');
  expect({ code, text }).toMatchObject({ code: 0 });
});

test('a seed runs the same way twice', { timeout: 120_000 }, async () => {
  const { code, text } = await simulate('--seed', '5001', '--runs', '15', '--twice');
  expect({ code, text }).toMatchObject({ code: 0 });
});

const withinSeeds = '150';
test.each(Object.keys(mutations))(
  'without its guard it fails: %s',
  { timeout: 300_000 },
  async (mutation) => {
    const { code, text } = await simulate('--mutation', mutation, '--runs', withinSeeds, '--first');
    expect({ code, text }).toMatchObject({ code: 1 });
    expect(text).toContain('fails:');
  },
);
