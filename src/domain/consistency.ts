import type { Consistency } from '../contracts/health.ts';
import { type MirroredOffset, wasMoved } from './moved-offsets.ts';
import { describeHalt } from './pairing-report.ts';

/** A lag of this many records over all partitions is no longer healthy. */
const lagLimit = 100;

/** Everything that `/health/consistency` reports but the verdict. */
export type ConsistencyFacts = Omit<Consistency, 'status' | 'reasons' | 'notes' | 'kafka_consumer_lag'> & {
  /** The classifier's group. */
  readonly group: string;
  /** What was last mirrored to the log, and what a claim found moved from outside, per partition. */
  readonly mirrors: readonly (Pick<MirroredOffset, 'mirrored'> & {
    readonly partition: number;
    readonly movedTo: number | null;
  })[];
};

/** How log, database and offsets stand to each other, with a sentence for each thing that is wrong. */
export function judgeConsistency({ group, mirrors, ...facts }: ConsistencyFacts): Consistency {
  const lag = facts.partitions.reduce((sum, { lag }) => sum + lag, 0);
  const reasons = [
    ...(lag >= lagLimit ? [`${lag} records of the log wait to be processed (${lagLimit} or more).`] : []),
    ...facts.partitions.flatMap((partition) => judgePartition(partition, group, mirrors)),
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
    notes: [...mirrors.flatMap((each) => noteMoved(each, group)), ...noteChoice(facts.pairing, group)],
    kafka_consumer_lag: lag,
    ...facts,
  };
}

function judgePartition(
  { topic, partition, start, end, position, committed }: ConsistencyFacts['partitions'][number],
  group: string,
  mirrors: ConsistencyFacts['mirrors'],
): string[] {
  const name = `${topic}/${partition}`;
  if (position === null) return [];
  if (position < start) {
    return [
      `${name}: ${start - position} records were removed before they were processed. ` +
        `To go on behind them, ${seek(group, partition, 'start')}.`,
    ];
  }
  if (position > end) return [`${name}: the position ${position} lies past the log's end ${end}.`];
  const mirrored = mirrors.find((each) => each.partition === partition)?.mirrored ?? null;
  if (committed === null || !wasMoved({ position, mirrored, committed })) return [];
  return [
    `${name}: the committed offset ${committed} is not what was last mirrored: it was moved from outside, or the ` +
      `database was put back. The position ${position} wins; to move it on purpose, ` +
      `${seek(group, partition, String(committed))}.`,
  ];
}

function noteMoved({ partition, movedTo }: ConsistencyFacts['mirrors'][number], group: string): string[] {
  if (movedTo === null) return [];
  return [
    `issues.raw/${partition}: the committed offset was ${movedTo}, which was not what was last mirrored, and the ` +
      `position won. To move it on purpose, ${seek(group, partition, String(movedTo))}.`,
  ];
}

function judgePairing({ status, reason, choices = [] }: ConsistencyFacts['pairing']): string[] {
  if (status !== 'mismatch' || !reason) return [];
  return [choices.length > 0 ? describeHalt({ reason, choices }) : reason];
}

function noteChoice({ chosen }: ConsistencyFacts['pairing'], group: string): string[] {
  if (chosen?.choice !== 'adopt' || chosen.records === 0) return [];
  return [
    `The log was adopted at its end (${chosen.at}): ${chosen.records} webhooks were left. To have those processed ` +
      `that it still holds, stop the classifier and run \`dispatchai groups seek ${group} --to start --execute\`.`,
  ];
}

const seek = (group: string, partition: number, to: string): string =>
  `stop the classifier and run \`dispatchai groups seek ${group} --partition ${partition} --to ${to} --execute\``;

const plural = (count: number, word: string) => (count === 1 ? word : `${word}s`);

/** Records between position and end. A partition that was never claimed has all of them ahead. */
export function lagOf(
  range: { readonly start: number; readonly end: number },
  position: number | null,
): number {
  return Math.max(0, range.end - Math.max(position ?? range.start, range.start));
}
