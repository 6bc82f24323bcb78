import type { Clock } from '../../effects/clock.ts';
import type { Counter, Histogram, Logger, Meter } from '../../effects/telemetry.ts';

export interface Instruments {
  readonly accepted: Counter;
  readonly ignored: Counter;
  readonly refused: Counter;
  readonly bytes: Counter;
  readonly appendSeconds: Histogram;
}

const appendBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const createInstruments = (meter: Meter): Instruments => ({
  accepted: meter.counter('dispatchai_webhooks_accepted_total', 'Webhooks that are in the log', ['event']),
  ignored: meter.counter('dispatchai_webhooks_ignored_total', 'Signed webhooks that are not needed', [
    'because',
  ]),
  refused: meter.counter('dispatchai_webhooks_refused_total', 'Requests refused by ingress', ['reason']),
  bytes: meter.counter('dispatchai_webhook_bytes_total', 'Bytes of the payloads that are in the log'),
  appendSeconds: meter.histogram(
    'dispatchai_webhook_append_seconds',
    'Time until the log had a webhook',
    appendBuckets,
  ),
});

/** Lines in a window, and the window in milliseconds. */
const linesPerWindow = 20;
const windowMs = 10_000;

/** One warning per refusal, but no more than a few a second whoever knocks; the next line counts what was left out. */
export class RefusalLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  #windowEnds = 0;
  #lines = 0;
  #unsaid = 0;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  refused(context: object): void {
    const now = this.#clock.monotonic();
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + windowMs;
      this.#lines = 0;
    }
    if (this.#lines >= linesPerWindow) {
      this.#unsaid += 1;
      return;
    }
    this.#lines += 1;
    this.#logger.warn(this.#unsaid > 0 ? { ...context, unsaid: this.#unsaid } : context, 'refused a request');
    this.#unsaid = 0;
  }
}
