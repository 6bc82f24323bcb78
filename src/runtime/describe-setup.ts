import type { Setup } from '../contracts/rest.ts';
import type { Queries } from '../database/database.ts';
import type { Config } from './config.ts';
import { readVersion } from './version.ts';

export interface SetupFacts {
  readonly config: Config;
  readonly queries: Queries;
  readonly ingressUrl: string;
  /** The secret made at random; null when one is configured, which is never shown. */
  readonly generatedSecret: string | null;
  /** `name@version` of what answers. */
  readonly classifier: string;
}

/** What the page tells about receiving real webhooks. */
export async function describeSetup(facts: SetupFacts): Promise<Setup> {
  const { config, queries, ingressUrl, generatedSecret, classifier } = facts;
  const { samples } = await queries
    .selectFrom('issues')
    .where('origin', '=', 'sample')
    .select(({ fn }) => fn.countAll<number>().as('samples'))
    .executeTakeFirstOrThrow();
  return {
    version: readVersion(),
    profile: config.profile,
    ingressUrl,
    webhookPath: '/webhook/github',
    secretSource: generatedSecret === null ? 'configured' : 'generated',
    secret: generatedSecret,
    samples: Number(samples),
    classifier,
  };
}
