import { resolve } from 'node:path';
import { z } from 'zod';
import type { MismatchChoice } from '../domain/pairing.ts';
import type { Profile } from '../log/topic-configuration.ts';
import { isBranch } from './branch.ts';
import type { Environment } from './environment.ts';
import { fillFromFiles } from './file-variables.ts';
import { isLoopback } from './loopback.ts';
import {
  type DatabaseConfig,
  databaseConfig,
  type LogConfig,
  logConfig,
  storeProblems,
} from './store-configuration.ts';
import { variables } from './variables.ts';
import { warningsAbout } from './weaknesses.ts';

/** Everything that can be set from outside, checked. */
export interface Config {
  readonly profile: Profile;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly log: LogConfig;
  readonly database: DatabaseConfig;
  readonly ingress: { readonly host: string; readonly port: number };
  readonly gateway: { readonly host: string; readonly port: number };
  readonly classifierPort: number;
  readonly relayPort: number;
  readonly schedulerPort: number;
  /** Bearer token and password of the page; null on loopback only. */
  readonly token: string | null;
  /** Secrets of GitHub's webhooks, each accepted; empty when none is configured and one has to be made. */
  readonly webhookSecrets: readonly string[];
  /** Prefix of the consumer groups. */
  readonly groupId: string;
  /** Whether this installation is a branch beside another one on the same broker and database. */
  readonly branch: boolean;
  /** Where a first start begins in `issues.raw`; a time is in milliseconds since 1970. */
  readonly begin: 'start' | 'end' | number;
  /** What to do about a log that belongs to another database; `ask` where somebody sits at a terminal, else adopt. */
  readonly onMismatch: MismatchChoice | 'ask';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export type ConfigOutcome =
  | { readonly kind: 'valid'; readonly config: Config; readonly warnings: readonly string[] }
  /** One line for each variable that is wrong, naming it. */
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const schema = z.object(variables);
export type Values = z.infer<typeof schema>;

/**
 * Checks the environment.
 * @param directory what relative paths start from
 * @param read reads the file that a `…_FILE` variable names
 */
export function readConfig(
  environment: Environment,
  directory: string,
  read?: (path: string) => string,
): ConfigOutcome {
  const filled = fillFromFiles(environment, directory, read);
  const parsed = schema.safeParse(filled.environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
    return { kind: 'invalid', problems: [...filled.problems, ...lines] };
  }
  const values = parsed.data;
  const problems = [...filled.problems, ...storeProblems(values), ...exposure(values)];
  if (problems.length > 0) return { kind: 'invalid', problems };
  const branch = isBranch(values.KAFKA_GROUP_ID);
  const config: Config = {
    profile: values.DISPATCHAI_PROFILE,
    dataDirectory: resolve(directory, values.DISPATCHAI_DATA_DIR),
    log: logConfig(values),
    database: databaseConfig(values),
    ingress: { host: values.INGRESS_HOST, port: values.INGRESS_PORT },
    gateway: { host: values.HOST, port: values.GATEWAY_PORT },
    classifierPort: values.CLASSIFIER_PORT,
    relayPort: values.RELAY_PORT,
    schedulerPort: values.SCHEDULER_PORT,
    token: values.DISPATCHAI_TOKEN ?? null,
    webhookSecrets: values.GITHUB_WEBHOOK_SECRET,
    groupId: values.KAFKA_GROUP_ID,
    branch,
    begin: values.DISPATCHAI_FROM ?? (branch ? 'end' : 'start'),
    // In production nobody decides that by the way.
    onMismatch:
      values.DISPATCHAI_ON_MISMATCH ?? (values.DISPATCHAI_PROFILE === 'production' ? 'halt' : 'ask'),
    logLevel: values.LOG_LEVEL,
  };
  return { kind: 'valid', config, warnings: warningsAbout(config, filled.environment) };
}

/** Whether some file of this installation belongs to one process at a time. */
export const isEmbedded = ({ log, database }: Config): boolean =>
  log.kind === 'embedded' || database.kind === 'embedded';

/** Without authentication nothing listens beyond loopback. Ingress has its own: the webhook secret. */
function exposure(values: Values): readonly string[] {
  if (isLoopback(values.HOST) || values.DISPATCHAI_TOKEN !== undefined) return [];
  return [
    `HOST: ${values.HOST} can be reached from other machines, which needs DISPATCHAI_TOKEN; set it, or HOST=127.0.0.1`,
  ];
}
