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
  'DISPATCHAI_ON_MISMATCH',
];

/** What is allowed and probably not meant, one line each. */
export function warningsAbout(config: Config, environment: Environment): readonly string[] {
  const lines: string[] = [];
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('DISPATCHAI_') || name in variables) continue;
    const meant = closest(name);
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
  for (const name of withoutEffect) {
    if (environment[name] !== undefined) lines.push(`${name} has no effect in this version`);
  }
  return lines;
}

function closest(name: string): string | null {
  const known = Object.keys(variables).filter((each) => each.startsWith('DISPATCHAI_'));
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
