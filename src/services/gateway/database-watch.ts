import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { Effects } from '../../effects/effects.ts';
import type { Readiness } from '../service.ts';

const askEveryMs = 2_000;
const answerWithinMs = 5_000;

/** Asks the database now and then whether it answers: health is asked for more often than that, and never waits. */
export class DatabaseWatch {
  readonly #database: Database;
  readonly #effects: Pick<Effects, 'clock' | 'logger'>;
  #readiness: Readiness = { ready: true };
  /** The question that was not answered yet: one is enough. */
  #open: Promise<boolean> | null = null;

  constructor(database: Database, effects: Pick<Effects, 'clock' | 'logger'>) {
    this.#database = database;
    this.#effects = effects;
  }

  readiness(): Readiness {
    return this.#readiness;
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, logger } = this.#effects;
    while (!stop.aborted) {
      const over = new AbortController();
      this.#open ??= this.#ask().finally(() => {
        this.#open = null;
      });
      const answered = await Promise.race([
        this.#open,
        clock.sleep(answerWithinMs, AbortSignal.any([stop, over.signal])).then(() => false),
      ]);
      over.abort();
      if (stop.aborted) return;
      if (!answered && this.#readiness.ready) logger.warn({}, 'The database does not answer');
      this.#readiness = answered
        ? { ready: true }
        : { ready: false, reason: 'The database does not answer.' };
      await clock.sleep(askEveryMs, stop);
    }
  }

  async #ask(): Promise<boolean> {
    try {
      await sql`select 1`.execute(this.#database.queries);
      return true;
    } catch (error) {
      this.#effects.logger.debug({ error }, 'The database was asked whether it is there');
      return false;
    }
  }
}
