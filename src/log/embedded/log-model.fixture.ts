import type { TopicName } from '../../contracts/topics.ts';
import type { NewRecord } from '../event-log.ts';
import type { CleanupPolicy } from './cleanup-policy.ts';

export interface ModelRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** One partition as plainly as it can be said. */
export class ModelPartition {
  readonly topic: TopicName;
  readonly policy: CleanupPolicy;
  readonly committed = new Map<string, number>();
  records: readonly ModelRecord[] = [];
  start = 0;
  end = 0;

  constructor(topic: TopicName, policy: CleanupPolicy) {
    this.topic = topic;
    this.policy = policy;
  }

  append({ key, value }: NewRecord, timestamp: number): void {
    this.records = [...this.records, { offset: this.end, timestamp, key, value }];
    this.end += 1;
  }

  trim(before: number): void {
    this.start = Math.max(this.start, before);
    this.records = this.records.filter(({ offset }) => offset >= this.start);
  }

  /** `readers` are the groups that have committed on any partition of the topic. */
  clean(now: number, readers: readonly string[]): void {
    const { policy } = this;
    const unread = readers.length === 0;
    if (policy.delete && !(unread && !policy.compact)) {
      const kept = this.records.find(
        ({ timestamp }) => timestamp >= now - (policy.delete?.retentionMs ?? Number.POSITIVE_INFINITY),
      );
      const slowest = Math.min(this.end, ...readers.map((reader) => this.committed.get(reader) ?? 0));
      this.trim(Math.min(kept?.offset ?? this.end, slowest));
    }
    if (policy.compact) {
      const last = new Map(this.records.map(({ key, offset }) => [key, offset]));
      const forgotten = now - policy.compact.tombstoneMs;
      this.records = this.records.filter(
        ({ key, offset, value, timestamp }) =>
          last.get(key) === offset && (value !== null || timestamp >= forgotten),
      );
    }
  }
}
