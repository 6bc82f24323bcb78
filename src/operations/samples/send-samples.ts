import type { Clock } from '../../effects/clock.ts';
import { signBody } from '../../github/signature.ts';
import { buildDeliveries, type SampleDelivery } from './build-deliveries.ts';
import { sampleProjects } from './projects.ts';

export interface SendSamplesOptions {
  /** Ingress, without a path: `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly onProgress?: (progress: { readonly sent: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

export type SendSamplesOutcome =
  | { readonly kind: 'sent'; readonly deliveries: number }
  /** Ingress did not take one; those before it are in. Sending again is harmless. */
  | { readonly kind: 'refused'; readonly deliveryId: string; readonly detail: string }
  | { readonly kind: 'stopped' };

const concurrency = 4;
const attempts = 4;
const firstWaitMs = 100;

/** Sends the samples of a first start as webhooks, signed like GitHub's, oldest first. */
export async function sendSamples(options: SendSamplesOptions): Promise<SendSamplesOutcome> {
  const deliveries = buildDeliveries(sampleProjects, options.clock.now());
  const waiting = deliveries.values();
  let sent = 0;
  let failure: SendSamplesOutcome | null = null;
  const work = async () => {
    for (const delivery of waiting) {
      if (failure !== null || options.signal?.aborted) return;
      const detail = await deliver(options, delivery);
      if (detail !== null) {
        failure ??= { kind: 'refused', deliveryId: delivery.deliveryId, detail };
        return;
      }
      sent += 1;
      options.onProgress?.({ sent, total: deliveries.length });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  if (options.signal?.aborted) return { kind: 'stopped' };
  return failure ?? { kind: 'sent', deliveries: sent };
}

/** Null when it is in, else why not. */
async function deliver(options: SendSamplesOptions, delivery: SampleDelivery): Promise<string | null> {
  let detail = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await options.clock.sleep(firstWaitMs * 2 ** attempt, options.signal);
    const answer = await post(options, delivery);
    if (answer.kind === 'taken') return null;
    detail = answer.detail;
    if (answer.kind === 'refused' || options.signal?.aborted) break;
  }
  return detail;
}

type Answer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused' | 'unreachable'; readonly detail: string };

async function post(
  { url, secret, fetch, signal }: SendSamplesOptions,
  { deliveryId, event, body }: SampleDelivery,
): Promise<Answer> {
  try {
    const response = await fetch(`${url}/webhook/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'dispatchai-samples',
        'x-github-event': event,
        'x-github-delivery': deliveryId,
        'x-hub-signature-256': signBody(body, secret),
      },
      body: new Uint8Array(body),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    if (response.ok) return { kind: 'taken' };
    const detail = `${response.status} ${text.slice(0, 300)}`;
    return { kind: response.status >= 500 ? 'unreachable' : 'refused', detail };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'unreachable', detail: cause instanceof Error ? cause.message : String(cause) };
  }
}
