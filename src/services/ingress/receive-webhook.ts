import type { IncomingMessage } from 'node:http';
import type { RawHeaders } from '../../contracts/topics.ts';
import { topics } from '../../contracts/topics.ts';
import type { Effects } from '../../effects/effects.ts';
import { verifySignature } from '../../github/signature.ts';
import { type EventLog, LogUnavailableError, RecordTooLargeError } from '../../log/event-log.ts';
import { type Answer, refused } from './answer.ts';
import type { ByteBudget, ByteHold } from './byte-budget.ts';
import type { Instruments } from './instruments.ts';
import type { IngressLimits } from './limits.ts';
import { type Placement, placePayload } from './place-payload.ts';
import { readBody } from './read-body.ts';
import { readHeaders, type WebhookHeaders } from './read-headers.ts';

export interface Reception {
  readonly log: Pick<EventLog, 'append'>;
  readonly effects: Effects;
  readonly instruments: Instruments;
  readonly secrets: readonly string[];
  readonly limits: IngressLimits;
  readonly budget: ByteBudget;
}

/** Called once the headers are good, before the body is read: answers `Expect: 100-continue`. */
type Proceed = () => void;

/** Takes one webhook in: headers, then body, then signature, and only then what the body says. */
export async function receiveWebhook(
  reception: Reception,
  request: IncomingMessage,
  proceed: Proceed,
): Promise<Answer> {
  const headers = readHeaders(request.headers);
  if (headers.kind === 'refused') return headers;
  const { bodyBytes } = reception.limits;
  if (Number(request.headers['content-length'] ?? 0) > bodyBytes) return tooLarge(bodyBytes);
  const hold = reception.budget.hold();
  try {
    proceed();
    return await takeBody(reception, request, headers, hold);
  } finally {
    hold.release();
  }
}

async function takeBody(
  reception: Reception,
  request: IncomingMessage,
  headers: WebhookHeaders,
  hold: ByteHold,
): Promise<Answer> {
  const body = await readBody(request, reception.limits.bodyBytes, hold);
  if (body.kind === 'gone') return body;
  if (body.kind === 'too-large') return tooLarge(reception.limits.bodyBytes);
  if (body.kind === 'busy') return refused('busy', 'Too many bytes are in flight. Try again in a moment.');
  if (!verifySignature(body.bytes, headers.signature, reception.secrets)) {
    return refused('signature', 'X-Hub-Signature-256 is not that of these bytes with the secret known here.');
  }
  const { event } = headers;
  if (event !== 'issues' && event !== 'issue_comment') {
    return { kind: 'ignored', because: 'event', detail: `The event ${event.slice(0, 60)} is not needed.` };
  }
  const placed = placePayload(body.bytes, headers.form);
  return placed.kind === 'placed' ? await append(reception, { ...headers, event }, placed) : placed;
}

async function append(
  { log, effects, instruments }: Reception,
  headers: WebhookHeaders & { readonly event: 'issues' | 'issue_comment' },
  { key, value, action, issue, origin }: Placement,
): Promise<Answer> {
  const { deliveryId, event } = headers;
  const correlationId = headers.correlationId ?? effects.randomness.uuid();
  const receivedAt = effects.clock.now();
  const raw: RawHeaders = {
    'delivery-id': deliveryId,
    event,
    action,
    issue,
    'correlation-id': correlationId,
    'received-at': String(receivedAt),
    origin,
  };
  const from = effects.clock.monotonic();
  try {
    await log.append([{ topic: topics.raw, key, value, headers: raw, timestamp: receivedAt }]);
  } catch (error) {
    if (error instanceof RecordTooLargeError) {
      return refused('too-large', 'The payload is larger than a record of the log can be.');
    }
    if (error instanceof LogUnavailableError) {
      return refused('log-unavailable', `The log takes nothing now: ${error.message}`);
    }
    throw error;
  }
  instruments.appendSeconds.observe((effects.clock.monotonic() - from) / 1000);
  instruments.accepted.add(1, { event });
  instruments.bytes.add(value.length);
  effects.logger.debug(
    { deliveryId, correlationId, event, action, issue, key, origin },
    'accepted a webhook',
  );
  return { kind: 'accepted', deliveryId, correlationId };
}

const tooLarge = (bytes: number) => refused('too-large', `The payload is over ${bytes} bytes.`);
