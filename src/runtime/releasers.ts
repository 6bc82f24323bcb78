import type { Clock } from '../effects/clock.ts';
import type { Logger } from '../effects/telemetry.ts';

export type Released = 'released' | 'forced';

/** What has to be given back, last taken first, also when a start fails half-way. */
export class Releasers {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stack: { readonly name: string; readonly release: () => unknown }[] = [];
  #running: Promise<Released> | null = null;

  constructor(effects: { readonly clock: Clock; readonly logger: Logger }) {
    this.#clock = effects.clock;
    this.#logger = effects.logger;
  }

  add(name: string, release: () => unknown): void {
    this.#stack.push({ name, release });
  }

  /**
   * Releases everything, one after the other. A failing one is logged and does not hold up the rest. `forced` when
   * it takes longer than `ms`: what hangs is named and left to the end of the process.
   */
  release(ms: number): Promise<Released> {
    this.#running ??= this.#release(ms);
    return this.#running;
  }

  async #release(ms: number): Promise<Released> {
    const done = new AbortController();
    const current = { name: '' };
    const releasing = this.#releaseAll(current).then(() => {
      done.abort();
      return 'released' as const;
    });
    const late = this.#clock.sleep(ms, done.signal).then(() => 'forced' as const);
    const outcome = await Promise.race([releasing, late]);
    if (outcome === 'forced' && !done.signal.aborted) {
      this.#logger.error({ waitingFor: current.name, ms }, 'stopping takes too long; ending all the same');
      return 'forced';
    }
    return 'released';
  }

  async #releaseAll(current: { name: string }): Promise<void> {
    for (let next = this.#stack.pop(); next; next = this.#stack.pop()) {
      current.name = next.name;
      try {
        await next.release();
      } catch (error) {
        this.#logger.error({ err: error }, `stopping ${next.name} failed`);
      }
    }
  }
}
