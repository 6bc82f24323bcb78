import type { Session, Witness } from '../database/simulated-server.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';
import type { Journal, ModelCall, Moment } from '../workload/journal.ts';

/** How long a call is one process' alone. It is given up after two thirds of that. */
export const callLeaseMs = 6_000;

/** What a transaction has done that matters once it commits. */
interface Pending {
  storesAnswers: boolean;
  readonly begunCalls: string[];
}

export interface AnswerWatchOptions {
  readonly journal: Journal;
  /** Simulated milliseconds. */
  readonly time: () => number;
  /** The cache keys of the answers that the database holds, also of a transaction that is about to commit. */
  readonly storedKeys: () => Promise<readonly string[]>;
}

/**
 * Watches that no stored answer is paid for again: a call may be made again only when whoever made it before was
 * interrupted before he had stored its answer, once for each such interruption.
 */
export class AnswerWatch implements Witness {
  readonly #journal: Journal;
  readonly #time: () => number;
  readonly #storedKeys: AnswerWatchOptions['storedKeys'];
  readonly #pending = new Map<Session, Pending>();
  readonly #claims = new Map<string, { readonly claimed: Moment; readonly interruptions: number }>();
  /** Since when the database has an answer. */
  #stored: ReadonlyMap<string, Moment> = new Map();
  readonly #broken = new Map<SimulatedProcess, Moment>();
  #lost: Moment = { at: Number.NEGATIVE_INFINITY, order: 0 };
  /** The answers that the log had when the database was lost. */
  #onLog: ReadonlySet<string> = new Set();
  #order = 0;

  constructor({ journal, time, storedKeys }: AnswerWatchOptions) {
    this.#journal = journal;
    this.#time = time;
    this.#storedKeys = storedKeys;
  }

  executed(
    session: Session,
    sql: string,
    _values: readonly unknown[],
    rows: readonly Record<string, unknown>[],
  ): undefined {
    const stores = /insert into ai_answers/.test(sql);
    const begins = /insert into ai_calls/.test(sql);
    if (!stores && !begins) return;
    const pending = this.#pending.get(session) ?? { storesAnswers: false, begunCalls: [] };
    pending.storesAnswers ||= stores;
    if (begins) pending.begunCalls.push(...rows.map(({ cacheKey }) => String(cacheKey)));
    this.#pending.set(session, pending);
  }

  async commits(session: Session): Promise<void> {
    const pending = this.#pending.get(session);
    if (!pending) return;
    this.#pending.delete(session);
    if (pending.storesAnswers) await this.#lookAtAnswers();
    const { process } = session;
    for (const key of pending.begunCalls) {
      this.#claims.set(`${process.name} ${key}`, {
        claimed: this.#now(),
        interruptions: process.interruptions,
      });
    }
  }

  rolledBack(session: Session): void {
    this.#pending.delete(session);
  }

  broke({ process }: Session): void {
    this.#broken.set(process, this.#now());
  }

  /** The database was put back or dropped, while the log had these answers as its issues' newest ones. */
  async databaseLost(onLog: ReadonlySet<string>): Promise<void> {
    this.#lost = this.#now();
    this.#onLog = onLog;
    this.#stored = new Map();
    await this.#lookAtAnswers();
  }

  /** A process begins a call. */
  called(process: SimulatedProcess, cacheKey: string): ModelCall {
    const claim = this.#claims.get(`${process.name} ${cacheKey}`);
    const { claimed, interruptions } = claim ?? {
      claimed: this.#now(),
      interruptions: process.interruptions,
    };
    const call: ModelCall = {
      ...{ cacheKey, process, claimed, interruptions },
      end: null,
      givenUp: false,
      stored: null,
    };
    const wrong = (what: string) =>
      this.#journal.wrongs.push(
        `at ${claimed.at} ms ${process.name} asks the model about ${cacheKey}, ${what}`,
      );
    if (!claim) wrong('and has no call of it');
    const since = this.#stored.get(cacheKey);
    if (since && since.order < claimed.order) wrong(`whose answer is stored since ${since.at} ms`);
    if (this.#onLog.has(cacheKey) && claimed.order > this.#lost.order)
      wrong('whose answer the topic had when the database was lost');
    for (const former of this.#journal.calls) {
      const isPaid = former.end === null || former.end === 'answered';
      if (former.cacheKey !== cacheKey || !isPaid || this.#wasInterrupted(former, claimed)) continue;
      wrong(`as ${former.process.name} does since ${former.claimed.at} ms`);
    }
    this.#journal.calls.push(call);
    return call;
  }

  /** Whether the world kept a call's answer from being stored before this moment. */
  #wasInterrupted(call: ModelCall, before: Moment): boolean {
    const { process, claimed, stored } = call;
    if (this.#lost.order > claimed.order) return true;
    if (stored && stored.order < before.order) return false;
    if (process.interruptions !== call.interruptions || call.givenUp) return true;
    const broken = this.#broken.get(process);
    const isLeaseOver = before.at >= claimed.at + callLeaseMs;
    return isLeaseOver && broken !== undefined && broken.order > claimed.order;
  }

  async #lookAtAnswers(): Promise<void> {
    const now = this.#now();
    const keys = await this.#storedKeys();
    this.#stored = new Map(keys.map((key) => [key, this.#stored.get(key) ?? now]));
    for (const call of this.#journal.calls) {
      if (call.stored === null && call.end === 'answered' && this.#stored.has(call.cacheKey))
        call.stored = now;
    }
  }

  #now(): Moment {
    this.#order += 1;
    return { at: this.#time(), order: this.#order };
  }
}
