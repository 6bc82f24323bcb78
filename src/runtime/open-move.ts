import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { InstallationStores } from '../operations/move-installation/installation-stores.ts';
import { ensureWebhookSecret } from '../operations/webhook-secret.ts';
import { openStores } from './compose.ts';
import { type Config, isEmbedded, readConfig } from './config.ts';
import { dataPaths } from './data-paths.ts';
import type { RuntimeEffects } from './effects.ts';
import { Refusal } from './refusal.ts';
import { Supervisor } from './supervisor.ts';

const stopWithinMs = 5_000;

export interface OpenedMove {
  readonly from: InstallationStores;
  readonly to: InstallationStores;
  /** What the target's configuration lacks of the source's, one sentence each. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/**
 * The configuration that a file of environment variables holds, and nothing else: what is set for the source must not
 * leak into the target. Relative paths in it start from its own directory.
 * @throws Refusal when it is wrong, or names no served stores
 */
export function readTarget(file: string): Config {
  const outcome = readConfig(parseEnv(readFileSync(file, 'utf8')), dirname(resolve(file)));
  if (outcome.kind === 'invalid') {
    throw new Refusal(outcome.problems.map((problem) => `${file}: ${problem}`).join('\ndispatchai: '), 2);
  }
  if (isEmbedded(outcome.config)) {
    throw new Refusal(`${file} has to set KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL`, 2);
  }
  return outcome.config;
}

/**
 * Opens both sides of a move: the source under the lock of its data directory, so that nothing runs on it.
 * @throws Refusal
 */
export async function openMove(source: Config, target: Config, effects: RuntimeEffects): Promise<OpenedMove> {
  refuse(source, target);
  const supervisor = new Supervisor(effects, []);
  const open = { effects, supervisor, patience: { kind: 'none' }, role: 'move' } as const;
  try {
    const from = await openStores({ ...open, config: source });
    const to = await openStores({ ...open, config: target });
    const warnings = await compareSecrets(source, target, effects);
    return { from, to, warnings, close: async () => void (await supervisor.stop(stopWithinMs)) };
  } catch (error) {
    await supervisor.stop(stopWithinMs);
    throw error;
  }
}

function refuse(source: Config, target: Config): void {
  if (source.log.kind !== 'embedded' || source.database.kind !== 'embedded') {
    throw new Refusal(
      'only an embedded installation is moved: unset KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL',
    );
  }
  if (!existsSync(dataPaths(source).log)) {
    throw new Refusal(`there is nothing in ${source.dataDirectory}: DISPATCHAI_DATA_DIR names what is moved`);
  }
  if (source.groupId !== target.groupId) {
    throw new Refusal(
      `KAFKA_GROUP_ID is ${source.groupId} here and ${target.groupId} there: positions belong to a group`,
    );
  }
}

/** GitHub goes on signing with the secret that it was given. */
async function compareSecrets(
  { dataDirectory, webhookSecrets }: Config,
  target: Config,
  { randomness }: RuntimeEffects,
): Promise<readonly string[]> {
  const file = join(dataDirectory, 'webhook-secret');
  const generated = webhookSecrets.length === 0 && existsSync(file);
  const secrets = generated
    ? [(await ensureWebhookSecret({ dataDir: dataDirectory, randomness })).secret]
    : webhookSecrets;
  const missing = secrets.some((secret) => !target.webhookSecrets.includes(secret));
  const where = generated ? file : 'GITHUB_WEBHOOK_SECRET here';
  return missing
    ? [
        `the target does not accept the secret of ${where}: webhooks that GitHub signs with it would be refused`,
      ]
    : [];
}
