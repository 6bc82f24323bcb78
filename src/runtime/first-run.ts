import { topics } from '../contracts/topics.ts';
import type { Effects } from '../effects/effects.ts';
import type { EventLog } from '../log/event-log.ts';
import { sendSamples } from '../operations/samples/send-samples.ts';
import type { Config } from './config.ts';

/**
 * Whether this is the first start of an installation that nobody has set up: no webhook secret configured, and a log
 * that never had a record (its ends only grow, so that samples once removed are not sent again).
 */
export async function isFirstRun(config: Config, log: EventLog): Promise<boolean> {
  // A broker or a database is somebody's, and not the place for samples.
  if (config.webhookSecrets.length > 0 || config.log.kind !== 'embedded') return false;
  if (config.database.kind !== 'embedded') return false;
  const ranges = await log.ranges(topics.raw);
  return ranges.every((range) => range.end === 0);
}

/** Fills the page with sample issues, by the same way as GitHub's. Failing to do so is no failure of the server. */
export async function sendFirstSamples(
  { clock, logger }: Effects,
  ingress: { readonly url: string; readonly secret: string },
  signal: AbortSignal,
): Promise<void> {
  const outcome = await sendSamples({ ...ingress, clock, fetch, signal });
  if (outcome.kind === 'sent') {
    logger.info(
      { deliveries: outcome.deliveries },
      'first start: sample issues were sent; remove them on the page or with `dispatchai samples remove`',
    );
  }
  if (outcome.kind === 'refused') logger.warn(outcome, 'first start: the sample issues could not be sent');
}
