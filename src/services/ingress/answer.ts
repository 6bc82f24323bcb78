import { STATUS_CODES } from 'node:http';
import type { Problem } from '../../contracts/rest.ts';

/** Why a request was refused; the label of the metric. */
export type RefusalReason =
  | 'not-found'
  | 'method'
  | 'headers'
  | 'signature'
  | 'too-large'
  | 'busy'
  | 'malformed'
  | 'log-unavailable'
  | 'failed';

export interface Refusal {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** One sentence for whoever looks at the delivery on GitHub. */
  readonly detail: string;
  /** Methods of the path, when it was asked with another one. */
  readonly allow?: string;
}

/** What becomes of a request to the webhook's path. */
export type Answer =
  | { readonly kind: 'accepted'; readonly deliveryId: string; readonly correlationId: string }
  /** Well signed and not needed: GitHub records every 4xx as a failure. */
  | { readonly kind: 'ignored'; readonly because: 'event' | 'pull-request'; readonly detail: string }
  | Refusal
  /** The sender hung up. */
  | { readonly kind: 'gone' };

export const statusOf: Readonly<Record<RefusalReason, number>> = {
  'not-found': 404,
  method: 405,
  headers: 400,
  signature: 401,
  'too-large': 413,
  busy: 503,
  malformed: 400,
  'log-unavailable': 503,
  failed: 500,
};

export const refused = (reason: RefusalReason, detail: string): Refusal => ({
  kind: 'refused',
  reason,
  detail,
});

export function toProblem({ reason, detail }: Refusal): Problem {
  const status = statusOf[reason];
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
}
