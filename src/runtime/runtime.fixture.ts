import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../effects/clock.ts';
import type { Effects } from '../effects/effects.ts';
import { systemRandomness } from '../effects/randomness.ts';
import type { Logger } from '../effects/telemetry.ts';
import { createMeter } from './meter.ts';

export { HandClock } from '../effects/hand-clock.fixture.ts';

/** Effects whose log lines are kept. */
export function keepingEffects(clock: Clock): { readonly effects: Effects; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (_context: object, message: string) => void lines.push(message);
  const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep, child: () => logger };
  return { effects: { clock, randomness: systemRandomness, logger, meter: createMeter() }, lines };
}

/** Lets everything that is already settled run. */
export const turn = (): Promise<void> => delay(0);
