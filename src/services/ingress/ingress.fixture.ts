import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { systemClock } from '../../effects/clock.ts';
import type { Effects } from '../../effects/effects.ts';
import { systemRandomness } from '../../effects/randomness.ts';
import type { Labels, Logger, Meter } from '../../effects/telemetry.ts';
import { signBody } from '../../github/signature.ts';
import type { EventLog, NewRecord } from '../../log/event-log.ts';
import { type Ingress, type IngressOptions, startIngress } from './start-ingress.ts';

export const secret = 'the secret of these tests';

const examples: { name: string; examples: Record<string, unknown>[] }[] = createRequire(import.meta.url)(
  '@octokit/webhooks-examples/api.github.com/index.json',
);

/** GitHub's own example payloads of an event, as bytes. */
export const githubExamples = (event: string): readonly Buffer[] =>
  (examples.find(({ name }) => name === event)?.examples ?? []).map((payload) =>
    Buffer.from(JSON.stringify(payload)),
  );

/** A small payload of ours. */
export const payload = (over: Record<string, unknown> = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      action: 'opened',
      issue: { number: 7, title: 'A title' },
      repository: { id: 42, full_name: 'octo/hello' },
      ...over,
    }),
  );

export interface Observed {
  readonly counts: Map<string, number>;
  readonly warnings: object[];
}

/** Real time and randomness; metrics and warnings are kept for the test to look at. */
export function observedEffects(): { readonly effects: Effects; readonly observed: Observed } {
  const observed: Observed = { counts: new Map(), warnings: [] };
  const count = (name: string, amount = 1, labels: Labels = {}) => {
    const key = [name, ...Object.values(labels)].join(' ');
    observed.counts.set(key, (observed.counts.get(key) ?? 0) + amount);
  };
  const nothing = () => undefined;
  const logger: Logger = {
    debug: nothing,
    info: nothing,
    warn: (context) => observed.warnings.push(context),
    error: (context) => observed.warnings.push(context),
    child: () => logger,
  };
  const meter: Meter = {
    counter: (name) => ({ add: (amount, labels) => count(name, amount, labels) }),
    gauge: () => ({ set: nothing }),
    histogram: (name) => ({ observe: (_value, labels) => count(name, 1, labels) }),
  };
  return { effects: { clock: systemClock, randomness: systemRandomness, logger, meter }, observed };
}

export class MemoryLog implements Pick<EventLog, 'append'> {
  readonly records: NewRecord[] = [];
  /** Rejects the next appends when set. */
  fault: Error | null = null;
  /** Appends wait for it. */
  gate: Promise<void> = Promise.resolve();

  async append(records: readonly NewRecord[]) {
    await this.gate;
    if (this.fault) throw this.fault;
    const first = this.records.length;
    this.records.push(...records);
    return records.map(({ topic }, index) => ({ topic, partition: 0, offset: first + index }));
  }
}

export async function openIngress(over: Partial<IngressOptions> = {}) {
  const { effects, observed } = observedEffects();
  const log = new MemoryLog();
  const ingress = await startIngress({
    log,
    effects,
    host: '127.0.0.1',
    port: 0,
    secrets: [secret],
    ...over,
  });
  return { ingress, log, observed, [Symbol.asyncDispose]: () => ingress.stop() };
}

export const signed = (body: Uint8Array, over: Record<string, string> = {}): Record<string, string> => ({
  'content-type': 'application/json',
  'x-github-event': 'issues',
  'x-github-delivery': systemRandomness.uuid(),
  'x-hub-signature-256': signBody(body, secret),
  ...over,
});

export async function post(ingress: Ingress, body: Buffer, headers: Record<string, string> = signed(body)) {
  const response = await fetch(`${ingress.url}/webhook/github`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    content: JSON.parse(text) as Record<string, unknown>,
  };
}

/** A connection of a test's own, for requests that no HTTP client would send. */
export async function dial(ingress: Ingress, lines: readonly string[]) {
  const socket = connect(ingress.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString();
  });
  const closed = new Promise<string>((resolve) => {
    socket.on('close', () => resolve(received));
    // A reset is one of the endings that tests look for; `close` follows.
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write([...lines, '', ''].join('\r\n'));
  return { socket, closed, received: () => received };
}

/** Head of a webhook for `dial`, with a signature that no body has. */
export const webhookHead = (...more: string[]): readonly string[] => [
  'POST /webhook/github HTTP/1.1',
  'Host: ingress',
  'X-GitHub-Event: issues',
  'X-GitHub-Delivery: by-hand',
  `X-Hub-Signature-256: sha256=${'0'.repeat(64)}`,
  ...more,
];
