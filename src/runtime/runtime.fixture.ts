import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../effects/clock.ts';
import type { Effects } from '../effects/effects.ts';
import { systemRandomness } from '../effects/randomness.ts';
import type { Logger } from '../effects/telemetry.ts';
import { createMeter } from './meter.ts';

/** A clock whose sleeps last until `advance` passes their end. */
export class HandClock implements Clock {
  #now = 0;
  readonly #sleeping = new Set<{ readonly until: number; readonly wake: () => void }>();

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleeping.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleeping.delete(sleeper);
        resolve();
      });
    });
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const sleeper of this.#sleeping) {
      if (sleeper.until > this.#now) continue;
      this.#sleeping.delete(sleeper);
      sleeper.wake();
    }
  }
}

/** Effects whose log lines are kept. */
export function keepingEffects(clock: Clock): { readonly effects: Effects; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (_context: object, message: string) => void lines.push(message);
  const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep, child: () => logger };
  return { effects: { clock, randomness: systemRandomness, logger, meter: createMeter() }, lines };
}

/** Lets everything that is already settled run. */
export const turn = (): Promise<void> => delay(0);
