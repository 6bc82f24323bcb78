import { systemClock } from '../src/effects/clock.ts';
import type { Effects } from '../src/effects/effects.ts';
import { systemRandomness } from '../src/effects/randomness.ts';
import type { Logger, Meter } from '../src/effects/telemetry.ts';

const nothing = () => undefined;
const logger: Logger = {
  debug: nothing,
  info: nothing,
  warn: (context, message) => console.error(message, context),
  error: (context, message) => console.error(message, context),
  child: () => logger,
};
const meter: Meter = {
  counter: () => ({ add: nothing }),
  gauge: () => ({ set: nothing }),
  histogram: () => ({ observe: nothing }),
};

/** Real time and randomness, no telemetry but warnings: what is measured is the work. */
export const quietEffects: Effects = { clock: systemClock, randomness: systemRandomness, logger, meter };
