import type { ServerResponse } from 'node:http';
import type { Health } from '../../contracts/health.ts';
import { healthAt } from '../probe.ts';
import { type Refusal, refused } from './answer.ts';
import { send } from './write-answer.ts';

export interface StatusPages {
  readonly health: () => Health;
  readonly metrics: (() => Promise<string>) | undefined;
}

export const methodRefused = (allow: string): Refusal => ({
  ...refused('method', `This path takes only ${allow}.`),
  allow,
});

/** Answers the paths about health and `/metrics`; `elsewhere` when the path is none of them. */
export async function serveStatus(
  pages: StatusPages,
  { path, method }: { readonly path: string; readonly method: string },
  exchange: { readonly response: ServerResponse; readonly last: boolean },
): Promise<'served' | 'elsewhere' | Refusal> {
  const health = healthAt(path, pages.health());
  if (health === null && (path !== '/metrics' || pages.metrics === undefined)) return 'elsewhere';
  if (method !== 'GET' && method !== 'HEAD') return methodRefused('GET, HEAD');
  if (health) {
    send(exchange, health.status, health.body);
  } else {
    const text = (await pages.metrics?.()) ?? '';
    send(exchange, 200, text, 'text/plain; version=0.0.4; charset=utf-8');
  }
  return 'served';
}
