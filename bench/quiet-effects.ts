import { systemClock } from '../src/effects/clock.ts';
import type { Effects } from '../src/effects/effects.ts';
import { systemRandomness } from '../src/effects/randomness.ts';
import { unmeasured } from '../src/effects/silent.fixture.ts';
import type { Logger } from '../src/effects/telemetry.ts';

const nothing = () => undefined;
const reasonIn = ({ err }: object & { readonly err?: unknown }): string =>
  err instanceof Error ? `: ${err.message}` : '';
const logger: Logger = {
  debug: nothing,
  info: nothing,
  warn: (context, message) => console.error(`${message}${reasonIn(context)}`),
  error: (context, message) => console.error(`${message}${reasonIn(context)}`),
  child: () => logger,
};

/** Real time and randomness, no telemetry but warnings: what is measured is the work. */
export const quietEffects: Effects = {
  clock: systemClock,
  randomness: systemRandomness,
  logger,
  meter: unmeasured,
};
