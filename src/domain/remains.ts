/** How long a topic keeps records that are in it now. */
export interface Remains {
  /** Whether a newer record of their key removes them, with the next compaction. */
  readonly compacted: boolean;
  /** ISO 8601: gone by then at the latest. Null when the topic's configuration sets no bound. */
  readonly until: string | null;
}

/** Kafka's own defaults, where a configuration does not say. */
const defaultRetentionMs = 604_800_000;
const defaultSegmentMs = 604_800_000;
/** The last time that a Date can hold. Kafka says "never" by larger numbers. */
const endOfTime = 8_640_000_000_000_000;

/**
 * Until when records that are in a topic now stay there, by its configuration in Kafka's names. A log deletes whole
 * segments, once their newest record is as old as the retention: one that is open yet may take records for `segment.ms`.
 */
export function remainsOf(configuration: Readonly<Record<string, string>>, nowMs: number): Remains {
  const policies = (configuration['cleanup.policy'] ?? 'delete').split(',').map((policy) => policy.trim());
  const compacted = policies.includes('compact');
  const bounds = [
    policies.includes('delete') ? deletedWithin(configuration) : null,
    compacted ? settingOf(configuration, 'max.compaction.lag.ms', Infinity) : null,
  ].filter((bound) => bound !== null);
  const until = nowMs + Math.min(Infinity, ...bounds);
  return { compacted, until: until <= endOfTime ? new Date(until).toISOString() : null };
}

function deletedWithin(configuration: Readonly<Record<string, string>>): number {
  const retention = settingOf(configuration, 'retention.ms', defaultRetentionMs);
  return retention < 0 ? Infinity : retention + settingOf(configuration, 'segment.ms', defaultSegmentMs);
}

function settingOf(configuration: Readonly<Record<string, string>>, name: string, absent: number): number {
  const value = configuration[name];
  return value === undefined ? absent : Number(value);
}
