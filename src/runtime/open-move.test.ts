import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Config, readConfig } from './config.ts';
import { createEffects } from './effects.ts';
import { openMove, readTarget } from './open-move.ts';

const directory = mkdtempSync(join(tmpdir(), 'dispatchai-move-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const served = 'KAFKA_BOOTSTRAP_SERVERS=kafka:9092\nDATABASE_URL_FILE=./url\n';
const file = join(directory, '.env.production');
const target = (text: string) => {
  writeFileSync(join(directory, 'url'), 'postgres://u:p@db/dispatchai\n');
  writeFileSync(file, text);
  return readTarget(file);
};
function source(environment: Readonly<Record<string, string>> = {}): Config {
  const outcome = readConfig(environment, directory);
  if (outcome.kind === 'invalid') throw new Error(outcome.problems.join());
  return outcome.config;
}
const effects = createEffects('error', process.stderr);

it('reads the target from its file alone, whose paths start from where it lies', () => {
  expect(target(served).database).toMatchObject({ kind: 'postgres', url: 'postgres://u:p@db/dispatchai' });
});

it('refuses a target that is wrong, or not served', () => {
  expect(() => target(`${served}LOG_LEVEL=loud\n`)).toThrow(/\.env\.production: LOG_LEVEL: has to be one of/);
  expect(() => target('DATABASE_URL=postgres://u:p@db/dispatchai\n')).toThrow(
    /has to set KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL/,
  );
});

it('refuses what cannot be moved before it opens anything', async () => {
  const to = target(served);
  await expect(openMove(source(), to, effects)).rejects.toThrow(/there is nothing in/);
  await expect(openMove(to, to, effects)).rejects.toThrow(/only an embedded installation is moved/);
  writeFileSync(join(directory, 'log.sqlite'), '');
  const branch = target(`${served}KAFKA_GROUP_ID=feature-x\n`);
  await expect(openMove(source({ DISPATCHAI_DATA_DIR: directory }), branch, effects)).rejects.toThrow(
    'KAFKA_GROUP_ID is dispatchai here and feature-x there',
  );
});
