import type { IncomingHttpHeaders } from 'node:http';
import { type Refusal, refused } from './answer.ts';

/** What is read of a webhook's headers; all others are ignored. */
export interface WebhookHeaders {
  readonly kind: 'webhook';
  readonly deliveryId: string;
  readonly event: string;
  readonly signature: string;
  /** The sender's `X-Correlation-Id` when it is a plain token. */
  readonly correlationId: string | null;
  /** `application/x-www-form-urlencoded`, GitHub's other content type: the JSON is in the field `payload`. */
  readonly form: boolean;
}

const deliveryIds = /^[\x21-\x7e]{1,200}$/;
const correlationIds = /^[\w.:-]{1,128}$/;

export function readHeaders(headers: IncomingHttpHeaders): WebhookHeaders | Refusal {
  const event = text(headers['x-github-event']);
  const deliveryId = text(headers['x-github-delivery']);
  if (event === '') return refused('headers', 'The header X-GitHub-Event is missing.');
  if (deliveryId === '') return refused('headers', 'The header X-GitHub-Delivery is missing.');
  if (!deliveryIds.test(deliveryId)) {
    return refused('headers', 'X-GitHub-Delivery is not 1 to 200 printable characters without a space.');
  }
  const signature = text(headers['x-hub-signature-256']);
  if (signature === '') {
    return refused(
      'signature',
      'The header X-Hub-Signature-256 is missing. Set a secret in the settings of the webhook.',
    );
  }
  const correlationId = text(headers['x-correlation-id']);
  return {
    kind: 'webhook',
    deliveryId,
    event,
    signature,
    correlationId: correlationIds.test(correlationId) ? correlationId : null,
    form: text(headers['content-type']).toLowerCase().startsWith('application/x-www-form-urlencoded'),
  };
}

const text = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');
