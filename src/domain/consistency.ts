import type { Consistency } from '../contracts/health.ts';

/** A lag of this many records over all partitions is no longer healthy. */
const lagLimit = 100;

/** Everything that `/health/consistency` reports but the verdict. */
export type ConsistencyFacts = Omit<Consistency, 'status' | 'reasons' | 'kafka_consumer_lag'>;

/** How log, database and offsets stand to each other, with a sentence for each thing that is wrong. */
export function judgeConsistency(facts: ConsistencyFacts): Consistency {
  const lag = facts.partitions.reduce((sum, { lag }) => sum + lag, 0);
  const reasons = [
    ...(lag >= lagLimit ? [`${lag} records of the log wait to be processed (${lagLimit} or more).`] : []),
    ...facts.partitions.flatMap(judgePartition),
    ...judgePairing(facts.pairing),
    ...(facts.failed > 0
      ? [`${facts.failed} ${plural(facts.failed, 'event')} failed and will be tried again.`]
      : []),
    ...(facts.dead > 0
      ? [`${facts.dead} ${plural(facts.dead, 'event')} could not be processed; the dead letters say why.`]
      : []),
    ...(facts.missing.count > 0
      ? [
          `${facts.missing.count} ${plural(facts.missing.count, 'issue')} whose events were applied ` +
            `${facts.missing.count === 1 ? 'is' : 'are'} neither in the database nor in the deletion ledger.`,
        ]
      : []),
  ];
  return {
    status: reasons.length === 0 ? 'healthy' : 'degraded',
    reasons,
    kafka_consumer_lag: lag,
    ...facts,
  };
}

function judgePartition(facts: ConsistencyFacts['partitions'][number]): string[] {
  const { topic, partition, start, end, position } = facts;
  const name = `${topic}/${partition}`;
  if (position === null) return [];
  if (position < start)
    return [`${name}: ${start - position} records were removed before they were processed.`];
  if (position > end) return [`${name}: the position ${position} lies past the log's end ${end}.`];
  return [];
}

function judgePairing({ status, clusterId, logClusterId }: ConsistencyFacts['pairing']): string[] {
  if (status === 'mismatch') {
    return [`The database belongs to the log ${clusterId}, but this is the log ${logClusterId}.`];
  }
  return [];
}

const plural = (count: number, word: string) => (count === 1 ? word : `${word}s`);

/** Records between position and end. A partition that was never claimed has all of them ahead. */
export function lagOf(
  range: { readonly start: number; readonly end: number },
  position: number | null,
): number {
  return Math.max(0, range.end - Math.max(position ?? range.start, range.start));
}
