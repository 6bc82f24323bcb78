import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TopicName } from '../../contracts/topics.ts';
import type { TopicPartition, TopicPartitionOffset } from '../event-log.ts';

/** The groups' committed offsets, as stored. */
export class CommittedOffsets {
  readonly #put: StatementSync;
  readonly #all: StatementSync;
  readonly #lowest: StatementSync;

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(
      `insert into committed (consumer, topic, partition, next)
       select ?, value ->> 'topic', value ->> 'partition', value ->> 'offset' from json_each(?) where true
       on conflict do update set next = excluded.next`,
    );
    this.#all = db.prepare(
      'select consumer, topic, partition, next from committed order by consumer, topic, partition',
    );
    this.#lowest = db.prepare(
      `select min(coalesce(own.next, 0)) as lowest
       from (select distinct consumer from committed where topic = :topic) as readers
       left join committed as own
         on own.consumer = readers.consumer and own.topic = :topic and own.partition = :partition`,
    );
  }

  put(group: string, offsets: readonly TopicPartitionOffset[]): void {
    this.#put.run(group, JSON.stringify(offsets));
  }

  all(): ReadonlyMap<string, readonly TopicPartitionOffset[]> {
    const rows = this.#all.all();
    const groups = Map.groupBy(rows, (row) => String(row.consumer));
    return new Map(
      [...groups].map(([group, committed]) => [
        group,
        committed.map((row) => ({
          topic: row.topic as TopicName,
          partition: Number(row.partition),
          offset: Number(row.next),
        })),
      ]),
    );
  }

  /**
   * The lowest committed offset among the groups that read this topic; 0 when one of them has committed only on
   * other partitions, undefined when no group reads the topic.
   */
  lowest({ topic, partition }: TopicPartition): number | undefined {
    const lowest = this.#lowest.get({ topic, partition })?.lowest;
    return lowest === null || lowest === undefined ? undefined : Number(lowest);
  }
}
