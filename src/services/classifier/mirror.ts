import type { Position } from '../../database/positions.ts';
import type { Effects } from '../../effects/effects.ts';
import type { Generation } from '../../log/event-log.ts';

/** Lag tools look every few seconds; a commit of offsets for each batch would be a write to disk for each batch. */
const behindMs = 200;

/**
 * Mirrors positions to the log for lag tools, behind the work rather than in it: one commit under way at a time,
 * always of the newest positions. What it loses costs nothing, since the database's positions decide.
 */
export class Mirror {
  readonly #generation: Generation;
  readonly #effects: Pick<Effects, 'clock' | 'logger'>;
  readonly #settling = new AbortController();
  #newest: readonly Position[] | null = null;
  #running: Promise<void> | null = null;

  constructor(generation: Generation, effects: Pick<Effects, 'clock' | 'logger'>) {
    this.#generation = generation;
    this.#effects = effects;
  }

  follow(positions: readonly Position[]): void {
    this.#newest = positions;
    this.#running ??= this.#run();
  }

  /** Mirrors the newest positions now; resolves once nothing is under way. */
  async settle(): Promise<void> {
    this.#settling.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#newest) {
      await this.#effects.clock.sleep(behindMs, this.#settling.signal);
      const offsets = this.#newest.map(({ topic, partition, nextOffset }) => ({
        topic,
        partition,
        offset: nextOffset,
      }));
      this.#newest = null;
      try {
        await this.#generation.mirror(offsets);
      } catch (error) {
        this.#effects.logger.warn({ err: error }, 'offsets could not be mirrored to the log');
      }
    }
    this.#running = null;
  }
}
