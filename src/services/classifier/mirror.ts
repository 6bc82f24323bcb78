import type { Position } from '../../database/positions.ts';
import type { Effects } from '../../effects/effects.ts';
import type { Generation } from '../../log/event-log.ts';

/** Lag tools look every few seconds; a commit of offsets for each batch would be a write to disk for each batch. */
const behindMs = 200;
/** What was mirrored is noted in the database, so that offsets moved from outside are known from those it lost. */
const noteEveryMs = 1_000;

/**
 * Mirrors positions to the log for lag tools, behind the work rather than in it: one commit under way at a time,
 * always of the newest positions. What it loses costs nothing, since the database's positions decide.
 */
export class Mirror {
  readonly #generation: Generation;
  readonly #effects: Pick<Effects, 'clock' | 'logger'>;
  readonly #note: (mirrored: readonly Position[]) => Promise<void>;
  readonly #settling = new AbortController();
  #notedAt = Number.NEGATIVE_INFINITY;
  #unnoted: readonly Position[] | null = null;
  #newest: readonly Position[] | null = null;
  #running: Promise<void> | null = null;

  constructor(
    generation: Generation,
    effects: Pick<Effects, 'clock' | 'logger'>,
    note: (mirrored: readonly Position[]) => Promise<void>,
  ) {
    this.#generation = generation;
    this.#effects = effects;
    this.#note = note;
  }

  follow(positions: readonly Position[]): void {
    this.#newest = positions;
    this.#running ??= this.#run();
  }

  /** Mirrors the newest positions now; resolves once nothing is under way. */
  async settle(): Promise<void> {
    this.#settling.abort();
    await this.#running;
    if (this.#unnoted) await this.#noteNow(this.#unnoted);
  }

  async #run(): Promise<void> {
    while (this.#newest) {
      await this.#effects.clock.sleep(behindMs, this.#settling.signal);
      const newest = this.#newest;
      const offsets = newest.map(({ topic, partition, nextOffset }) => ({
        topic,
        partition,
        offset: nextOffset,
      }));
      this.#newest = null;
      try {
        if ((await this.#generation.mirror(offsets)) === 'mirrored') this.#unnoted = newest;
      } catch (error) {
        this.#effects.logger.warn({ err: error }, 'offsets could not be mirrored to the log');
      }
      const isDue = this.#effects.clock.monotonic() - this.#notedAt >= noteEveryMs;
      if (this.#unnoted && isDue) await this.#noteNow(this.#unnoted);
    }
    this.#running = null;
  }

  async #noteNow(mirrored: readonly Position[]): Promise<void> {
    this.#unnoted = null;
    this.#notedAt = this.#effects.clock.monotonic();
    await this.#note(mirrored).catch((error: unknown) => {
      this.#effects.logger.warn({ err: error }, 'it could not be noted what was mirrored to the log');
    });
  }
}
