import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Health } from '../../contracts/health.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import { listen } from '../listen.ts';
import type { Readiness, Service } from '../service.ts';
import { type Answer, type Refusal, refused, statusOf } from './answer.ts';
import { ByteBudget } from './byte-budget.ts';
import { createInstruments, RefusalLog } from './instruments.ts';
import { defaultLimits, type IngressLimits } from './limits.ts';
import { type Reception, receiveWebhook } from './receive-webhook.ts';
import { send, writeAnswer } from './write-answer.ts';

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
  readonly url: string;
  readonly port: number;
}

/**
 * How long a log that took nothing makes ingress unready. Bounded: where readiness decides about traffic, no
 * webhook would come any more to show that the log is back.
 */
const unreadyMs = 30_000;

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

class HttpIngress implements Ingress {
  readonly name = 'ingress';
  port = 0;
  readonly #options: IngressOptions;
  readonly #limits: IngressLimits;
  readonly #reception: Reception;
  readonly #refusals: RefusalLog;
  readonly #server: Server;
  #logFailedAt: number | null = null;
  #stopped: Promise<void> | null = null;

  constructor(options: IngressOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#reception = {
      log: options.log,
      effects: options.effects,
      instruments: createInstruments(options.effects.meter),
      secrets: options.secrets,
      limits: this.#limits,
      budget: new ByteBudget(this.#limits.bytesInFlight),
    };
    this.#refusals = new RefusalLog(options.effects.logger, options.effects.clock);
    this.#server = createServer({
      headersTimeout: this.#limits.headersMs,
      requestTimeout: this.#limits.requestMs,
      keepAliveTimeout: this.#limits.idleMs,
      connectionsCheckingInterval: 1000,
    });
    this.#server.maxConnections = this.#limits.connections;
    this.#server.on('request', (request, response) => void this.#handle(request, response, false));
    this.#server.on('checkContinue', (request, response) => void this.#handle(request, response, true));
  }

  get url(): string {
    const { host } = this.#options;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  async listen(): Promise<void> {
    const { host, port } = this.#options;
    this.port = await listen(this.#server, { host, port, variable: 'INGRESS_PORT' });
  }

  readiness(): Readiness {
    if (this.#stopped !== null) return { ready: false, reason: 'ingress is stopping' };
    const { clock } = this.#options.effects;
    if (this.#logFailedAt !== null && clock.monotonic() - this.#logFailedAt < unreadyMs) {
      return {
        ready: false,
        reason: 'the log took no webhook when last asked; see the log lines of ingress',
      };
    }
    return { ready: true };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const closed = new AbortController();
    const closing = new Promise<void>((resolve) => {
      this.#server.close(() => {
        closed.abort();
        resolve();
      });
    });
    await this.#options.effects.clock.sleep(this.#limits.stopMs, closed.signal);
    this.#server.closeAllConnections();
    await closing;
  }

  async #handle(request: IncomingMessage, response: ServerResponse, expects: boolean): Promise<void> {
    const { effects } = this.#options;
    let waiting = expects;
    const proceed = () => {
      if (waiting) response.writeContinue();
      waiting = false;
    };
    try {
      const answer = await this.#answer(request, response, proceed);
      if (answer === null) return;
      if (answer.kind === 'refused') this.#note(request, answer);
      if (answer.kind === 'ignored') this.#reception.instruments.ignored.add(1, { because: answer.because });
      if (answer.kind === 'accepted') this.#logFailedAt = null;
      const last = this.#stopped !== null;
      await writeAnswer(
        { request, response, clock: effects.clock, limits: this.#limits, last, waiting },
        answer,
      );
    } catch (error) {
      effects.logger.error({ err: error }, 'a request failed');
      this.#reception.instruments.refused.add(1, { reason: 'failed' });
      if (response.headersSent) response.destroy();
      else
        send({ response, last: true }, 500, {
          type: 'about:blank',
          title: 'Internal Server Error',
          status: 500,
        });
    }
  }

  /** Null when the request was not a webhook and is answered. */
  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    proceed: () => void,
  ): Promise<Answer | null> {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const { method = '' } = request;
    const reading = method === 'GET' || method === 'HEAD';
    if (path === '/webhook/github') {
      if (method !== 'POST') return methodRefused('POST');
      return await receiveWebhook(this.#reception, request, proceed);
    }
    if (path === '/health') {
      if (!reading) return methodRefused('GET, HEAD');
      const health = this.#options.health?.() ?? this.#ownHealth();
      send({ response, last: this.#stopped !== null }, health.status === 'ready' ? 200 : 503, health);
      return null;
    }
    if (path === '/metrics' && this.#options.metrics !== undefined) {
      if (!reading) return methodRefused('GET, HEAD');
      const text = await this.#options.metrics();
      send({ response, last: this.#stopped !== null }, 200, text, 'text/plain; version=0.0.4; charset=utf-8');
      return null;
    }
    return refused('not-found', 'Webhooks are received on POST /webhook/github.');
  }

  #note(request: IncomingMessage, refusal: Refusal): void {
    const { reason, detail } = refusal;
    this.#reception.instruments.refused.add(1, { reason });
    if (reason === 'log-unavailable') this.#logFailedAt = this.#options.effects.clock.monotonic();
    this.#refusals.refused({
      reason,
      status: statusOf[reason],
      detail,
      deliveryId: request.headers['x-github-delivery'],
      event: request.headers['x-github-event'],
      from: request.socket.remoteAddress,
    });
  }

  #ownHealth(): Health {
    const readiness = this.readiness();
    const status = this.#stopped !== null ? 'stopping' : readiness.ready ? 'ready' : 'unhealthy';
    const reason = readiness.ready ? null : readiness.reason;
    return { status, services: { ingress: { ready: readiness.ready, reason } } };
  }
}

const methodRefused = (allow: string): Refusal => ({
  ...refused('method', `This path takes only ${allow}.`),
  allow,
});
