import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Health } from '../../contracts/health.ts';
import { listen } from '../listen.ts';
import type { Readiness } from '../service.ts';
import { type Answer, type Refusal, refused, statusOf } from './answer.ts';
import { ByteBudget } from './byte-budget.ts';
import { createInstruments, RefusalLog } from './instruments.ts';
import { defaultLimits, type IngressLimits } from './limits.ts';
import { type Reception, receiveWebhook } from './receive-webhook.ts';
import type { Ingress, IngressOptions } from './start-ingress.ts';
import { methodRefused, type StatusPages, serveStatus } from './status-pages.ts';
import { writeAnswer } from './write-answer.ts';

/**
 * How long a log that took nothing makes ingress unready. Bounded: where readiness decides about traffic, no
 * webhook would come any more to show that the log is back.
 */
const unreadyMs = 30_000;

/**
 * Plain `node:http`: a body is refused while it streams in, before it is read or before it is even sent, which a
 * framework's body parser does not leave to its user.
 */
export class HttpIngress implements Ingress {
  readonly name = 'ingress';
  port = 0;
  readonly #options: IngressOptions;
  readonly #limits: IngressLimits;
  readonly #reception: Reception;
  readonly #pages: StatusPages;
  readonly #refusals: RefusalLog;
  readonly #server: Server;
  #logFailedAt: number | null = null;
  #stopped: Promise<void> | null = null;

  constructor(options: IngressOptions) {
    const { log, effects, secrets } = options;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#reception = {
      log,
      effects,
      secrets,
      instruments: createInstruments(effects.meter),
      limits: this.#limits,
      budget: new ByteBudget(this.#limits.bytesInFlight),
    };
    this.#pages = { health: options.health ?? (() => this.#ownHealth()), metrics: options.metrics };
    this.#refusals = new RefusalLog(effects.logger, effects.clock);
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

  /** Never rejects: nobody waits for it. */
  async #handle(request: IncomingMessage, response: ServerResponse, expects: boolean): Promise<void> {
    let waiting = expects;
    const proceed = () => {
      if (waiting) response.writeContinue();
      waiting = false;
    };
    try {
      const answer = await this.#answer(request, response, proceed);
      if (answer === 'served') return;
      this.#note(request, answer);
      const { clock } = this.#options.effects;
      const last = this.#stopped !== null;
      await writeAnswer({ request, response, clock, limits: this.#limits, last, waiting }, answer);
    } catch (error) {
      this.#options.effects.logger.error({ err: error }, 'an answer could not be written');
      response.destroy();
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    proceed: () => void,
  ): Promise<Answer | 'served'> {
    const { url = '', method = '' } = request;
    const [path = ''] = url.split('?', 1);
    try {
      if (path === '/webhook/github') {
        return method === 'POST'
          ? await receiveWebhook(this.#reception, request, proceed)
          : methodRefused('POST');
      }
      const last = this.#stopped !== null;
      const status = await serveStatus(this.#pages, { path, method }, { response, last });
      return status === 'elsewhere'
        ? refused('not-found', 'Webhooks are received on POST /webhook/github.')
        : status;
    } catch (error) {
      this.#options.effects.logger.error({ err: error, path }, 'a request failed');
      return refused('failed', 'Something is wrong here; the log of ingress says what.');
    }
  }

  #note(request: IncomingMessage, answer: Answer): void {
    const { instruments } = this.#reception;
    if (answer.kind === 'accepted') this.#logFailedAt = null;
    else if (answer.kind === 'ignored') instruments.ignored.add(1, { because: answer.because });
    else if (answer.kind === 'refused') this.#noteRefusal(request, answer);
  }

  #noteRefusal(request: IncomingMessage, { reason, detail }: Refusal): void {
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
