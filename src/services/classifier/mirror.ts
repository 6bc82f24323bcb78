import type { Position } from '../../database/positions.ts';
import type { Effects } from '../../effects/effects.ts';
import type { Generation } from '../../log/event-log.ts';

/**
 * Mirrors positions to the log for lag tools, behind the work rather than in it: one commit under way at a time,
 * always of the newest positions. What it loses costs nothing, since the database's positions decide.
 */
export class Mirror {
  readonly #generation: Generation;
  readonly #logger: Effects['logger'];
  #newest: readonly Position[] | null = null;
  #running: Promise<void> | null = null;

  constructor(generation: Generation, logger: Effects['logger']) {
    this.#generation = generation;
    this.#logger = logger;
  }

  follow(positions: readonly Position[]): void {
    this.#newest = positions;
    this.#running ??= this.#run();
  }

  /** Resolves once nothing is under way. */
  async settle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Yields first, so that positions which move in one turn share one commit.
    await Promise.resolve();
    while (this.#newest) {
      const offsets = this.#newest.map(({ topic, partition, nextOffset }) => ({
        topic,
        partition,
        offset: nextOffset,
      }));
      this.#newest = null;
      try {
        await this.#generation.mirror(offsets);
      } catch (error) {
        this.#logger.warn({ err: error }, 'offsets could not be mirrored to the log');
      }
    }
    this.#running = null;
  }
}
