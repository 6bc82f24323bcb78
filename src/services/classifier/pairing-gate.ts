import type { MismatchChoice } from '../../domain/pairing.ts';
import type { PairingQuestion } from '../../domain/pairing-report.ts';
import { type Chosen, type SettledPairing, settlePairing } from '../../operations/pair-log/settle-pairing.ts';
import type { ClassifierOptions } from './start-classifier.ts';

/** How somebody is asked what to do about a log that belongs to another database. */
export type AskOperator = (question: PairingQuestion) => Promise<MismatchChoice>;

/** Whether the situation has changed is looked at this often; nothing else can end the waiting. */
const lookAgainMs = 5_000;

/** Lets intake through once database and log belong together. */
export class PairingGate {
  readonly #options: ClassifierOptions;
  #asked: Promise<MismatchChoice> | null = null;
  #said: string | null = null;

  constructor(options: ClassifierOptions) {
    this.#options = options;
  }

  /** Settles it now, as far as it can be. Rejects for the world's reasons. */
  async settle(signal: AbortSignal): Promise<SettledPairing> {
    const { database, log, group, effects } = this.#options;
    const settled = await settlePairing({
      database,
      log,
      group,
      effects,
      signal,
      choose: (question) => this.#choose(question),
    });
    if (settled.kind !== 'halted') return settled;
    if (this.#said !== settled.reason) effects.logger.warn({}, settled.reason);
    this.#said = settled.reason;
    return settled;
  }

  /** Settles it, however long that takes; tells `waiting` why it does. */
  async open(signal: AbortSignal, waiting: (reason: string) => void): Promise<'paired' | 'stopped'> {
    for (;;) {
      const settled = await this.settle(signal);
      if (settled.kind !== 'halted') return settled.kind;
      waiting(settled.reason);
      await this.#options.effects.clock.sleep(lookAgainMs, signal);
      if (signal.aborted) return 'stopped';
    }
  }

  /** Nobody is asked twice. */
  async #choose(question: PairingQuestion): Promise<Chosen> {
    const { onMismatch = 'halt', ask } = this.#options;
    if (onMismatch !== 'ask' || !ask) {
      return { choice: onMismatch === 'ask' ? 'halt' : onMismatch, by: 'the configuration' };
    }
    this.#asked ??= ask(question);
    return { choice: await this.#asked, by: 'the operator' };
  }
}
