import type { Config } from './config.ts';
import type { Environment } from './environment.ts';
import { isLoopback } from './loopback.ts';
import { variables } from './variables.ts';

const shortestSecret = 16;
const withoutEffect = [
  'AI_MODEL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'ANTHROPIC_API_KEY',
  'AI_DAILY_BUDGET_USD',
  'AI_CONCURRENCY',
];

/** What is allowed and probably not meant, one line each. */
export function warningsAbout(config: Config, environment: Environment): readonly string[] {
  const lines: string[] = [];
  for (const name of Object.keys(environment)) {
    if (name in variables || !/^(DISPATCHAI|KAFKA|DATABASE)_/.test(name)) continue;
    const meant = closest(name);
    // The other names may belong to other programs, so only one that is nearly ours is a typo.
    if (meant === null && !name.startsWith('DISPATCHAI_')) continue;
    lines.push(`${name} is not a variable of DispatchAI${meant ? `; did you mean ${meant}?` : ''}`);
  }
  if (config.webhookSecrets.some((secret) => secret.length < shortestSecret)) {
    lines.push(`GITHUB_WEBHOOK_SECRET has a secret under ${shortestSecret} characters, which can be guessed`);
  }
  if (config.token !== null && config.token.length < shortestSecret) {
    lines.push(`DISPATCHAI_TOKEN is under ${shortestSecret} characters, which can be guessed`);
  }
  if (config.profile === 'production' && config.webhookSecrets.length === 0) {
    lines.push('GITHUB_WEBHOOK_SECRET is not set: a secret made at random is used, from the data directory');
  }
  if (!isLoopback(config.gateway.host)) {
    lines.push('HOST is reachable from other machines and speaks plain HTTP: put a proxy with TLS before it');
  }
  lines.push(...aboutStores(config, environment));
  for (const name of withoutEffect) {
    if (environment[name] !== undefined) lines.push(`${name} has no effect in this version`);
  }
  return lines;
}

function aboutStores({ log, database }: Config, environment: Environment): readonly string[] {
  const lines: string[] = [];
  if (log.kind === 'embedded') {
    const names = Object.keys(variables).filter((name) => /^KAFKA_(SASL|TLS)/.test(name));
    for (const name of names) {
      if (environment[name] !== undefined)
        lines.push(`${name} has no effect without KAFKA_BOOTSTRAP_SERVERS`);
    }
  } else {
    const { sasl, tls } = log.connection;
    if (sasl?.mechanism === 'PLAIN' && tls === undefined) {
      lines.push('KAFKA_SASL_MECHANISM=PLAIN sends the password readably: set KAFKA_TLS=true');
    }
    if (tls?.rejectUnauthorized === false) {
      lines.push(
        'KAFKA_TLS_VERIFY=false accepts any certificate: anybody between here and the broker can read',
      );
    }
  }
  if (database.kind === 'embedded' && environment.DATABASE_CONNECTIONS !== undefined) {
    lines.push('DATABASE_CONNECTIONS has no effect without DATABASE_URL');
  }
  return lines;
}

function closest(name: string): string | null {
  const [prefix = ''] = name.split('_', 1);
  const known = Object.keys(variables).filter((each) => each.startsWith(prefix));
  const [best] = known
    .map((each) => ({ each, distance: editDistance(name, each) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= 4 ? best.each : null;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, a] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, b] of [...to].entries()) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (a === b ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
