import { systemClock } from './clock.ts';
import type { Effects } from './effects.ts';
import { systemRandomness } from './randomness.ts';
import type { Logger, Meter } from './telemetry.ts';

const nothing = () => undefined;

/** Says nothing, for tests that are not about what is said. */
export const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silent,
};

/** Measures nothing. */
export const unmeasured: Meter = {
  counter: () => ({ add: nothing }),
  gauge: () => ({ set: nothing }),
  histogram: () => ({ observe: nothing }),
};

/** Real time and randomness, without telemetry. */
export const effects: Effects = {
  clock: systemClock,
  randomness: systemRandomness,
  logger: silent,
  meter: unmeasured,
};
