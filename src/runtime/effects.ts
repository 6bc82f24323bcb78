import { systemClock } from '../effects/clock.ts';
import type { Effects } from '../effects/effects.ts';
import { systemRandomness } from '../effects/randomness.ts';
import type { Config } from './config.ts';
import { createLogger, type LoggerOptions } from './logger.ts';
import { createMeter, type PrometheusMeter } from './meter.ts';

export interface RuntimeEffects extends Effects {
  readonly meter: PrometheusMeter;
}

/** The real clock, randomness, log lines and measurements of this process. */
export function createEffects(level: Config['logLevel'], stream: LoggerOptions['stream']): RuntimeEffects {
  return {
    clock: systemClock,
    randomness: systemRandomness,
    logger: createLogger({ level, stream, environment: process.env }),
    meter: createMeter(),
  };
}
