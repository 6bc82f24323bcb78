import type { Clock } from './clock.ts';
import type { Randomness } from './randomness.ts';
import type { Logger, Meter } from './telemetry.ts';

/** Everything a service is handed instead of reaching for it. */
export interface Effects {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly logger: Logger;
  readonly meter: Meter;
}
