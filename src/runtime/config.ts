import { resolve } from 'node:path';
import { z } from 'zod';
import type { Profile } from '../log/topic-configuration.ts';
import type { Environment } from './environment.ts';
import { isLoopback } from './loopback.ts';
import { variables } from './variables.ts';
import { warningsAbout } from './weaknesses.ts';

/** Everything that can be set from outside, checked. */
export interface Config {
  readonly profile: Profile;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly ingress: { readonly host: string; readonly port: number };
  readonly gateway: { readonly host: string; readonly port: number };
  readonly classifierPort: number;
  readonly relayPort: number;
  /** Bearer token and password of the page; null on loopback only. */
  readonly token: string | null;
  /** Secrets of GitHub's webhooks, each accepted; empty when none is configured and one has to be made. */
  readonly webhookSecrets: readonly string[];
  /** Prefix of the consumer groups. */
  readonly groupId: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export type ConfigOutcome =
  | { readonly kind: 'valid'; readonly config: Config; readonly warnings: readonly string[] }
  /** One line for each variable that is wrong, naming it. */
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const schema = z.object(variables);

/** Checks the environment. `directory` is what relative paths start from. */
export function readConfig(environment: Environment, directory: string): ConfigOutcome {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    return {
      kind: 'invalid',
      problems: parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    };
  }
  const values = parsed.data;
  const problems = [...unsupported(values), ...exposure(values)];
  if (problems.length > 0) return { kind: 'invalid', problems };
  const config: Config = {
    profile: values.DISPATCHAI_PROFILE,
    dataDirectory: resolve(directory, values.DISPATCHAI_DATA_DIR),
    ingress: { host: values.INGRESS_HOST, port: values.INGRESS_PORT },
    gateway: { host: values.HOST, port: values.GATEWAY_PORT },
    classifierPort: values.CLASSIFIER_PORT,
    relayPort: values.RELAY_PORT,
    token: values.DISPATCHAI_TOKEN ?? null,
    webhookSecrets: values.GITHUB_WEBHOOK_SECRET,
    groupId: values.KAFKA_GROUP_ID,
    logLevel: values.LOG_LEVEL,
  };
  return { kind: 'valid', config, warnings: warningsAbout(config, environment) };
}

type Values = z.infer<typeof schema>;

/** Refused rather than ignored: who sets these expects the data to be elsewhere. */
function unsupported(values: Values): readonly string[] {
  const lines: string[] = [];
  if (values.KAFKA_BOOTSTRAP_SERVERS !== undefined) {
    lines.push('KAFKA_BOOTSTRAP_SERVERS: this version has only its embedded log; unset it');
  }
  if (values.DATABASE_URL !== undefined) {
    lines.push('DATABASE_URL: this version has only its embedded database; unset it');
  }
  return lines;
}

/** Without authentication nothing listens beyond loopback. Ingress has its own: the webhook secret. */
function exposure(values: Values): readonly string[] {
  if (isLoopback(values.HOST) || values.DISPATCHAI_TOKEN !== undefined) return [];
  return [
    `HOST: ${values.HOST} can be reached from other machines, which needs DISPATCHAI_TOKEN; set it, or HOST=127.0.0.1`,
  ];
}
