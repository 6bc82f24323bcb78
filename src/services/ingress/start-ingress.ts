import type { Health } from '../../contracts/health.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { Service } from '../service.ts';
import { HttpIngress } from './http-ingress.ts';
import type { IngressLimits } from './limits.ts';

export interface IngressOptions {
  readonly log: Pick<EventLog, 'append'>;
  readonly effects: Effects;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Every one of them is accepted, so that one can be rotated. Never empty: nothing unsigned is accepted. */
  readonly secrets: readonly string[];
  /** The whole process's health; ingress' own when absent. */
  readonly health?: () => Health;
  /** Prometheus text for `GET /metrics`; without it there is no such path. */
  readonly metrics?: () => Promise<string>;
  readonly limits?: Partial<IngressLimits>;
}

export interface Ingress extends Service {
  /** Without a path; webhooks go to `/webhook/github` below it. */
  readonly url: string;
  readonly port: number;
}

/**
 * Receives GitHub's webhooks on `POST /webhook/github` and answers 202 once the log has them.
 * @throws PortInUseError
 */
export async function startIngress(options: IngressOptions): Promise<Ingress> {
  if (options.secrets.length === 0 || options.secrets.includes('')) {
    throw new Error('ingress needs a webhook secret, and an empty one is none');
  }
  const ingress = new HttpIngress(options);
  await ingress.listen();
  return ingress;
}
