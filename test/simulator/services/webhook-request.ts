import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { signBody } from '../../../src/github/signature.ts';
import type { GithubEvent } from '../workload/simulated-github.ts';

export const secret = 'the secret of the simulator';

/** A webhook as ingress reads it; ingress takes no more of a request than its headers and its bytes. */
export function webhookRequest(event: GithubEvent, deliveryId: string): IncomingMessage {
  const body = Buffer.from(JSON.stringify(event.payload));
  const request = Readable.from([body]);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(body.length),
    'x-github-event': event.event,
    'x-github-delivery': deliveryId,
    'x-hub-signature-256': signBody(body, secret),
  };
  return Object.assign(request, { headers }) as unknown as IncomingMessage;
}
