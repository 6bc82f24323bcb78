import { randomUUID } from 'node:crypto';
import { Admin, Consumer, ListOffsetTimestamps, MessagesStreamModes } from '@platformatic/kafka';
import { Client } from 'pg';
import type { StoredDatabase, StoredRecord } from './stored-state.ts';

/** Read with the clients alone, not with the drivers that are being tested. */
export async function readServedDatabase(url: string): Promise<StoredDatabase> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const events = await client.query('select delivery_id, status from events');
    // float8 holds these exactly, and the client reads int8 as text.
    const issues = await client.query(
      'select repository_id::float8, number::float8, title, version::float8 from issues',
    );
    const deletions = await client.query(
      'select repository_id::float8, number::float8, version::float8 from deletions',
    );
    return { events: events.rows, issues: issues.rows, deletions: deletions.rows };
  } finally {
    await client.end();
  }
}

/** Every record from the start of a topic to its end as it is now. */
export async function readServedTopic(
  bootstrapServers: string,
  topic: string,
): Promise<readonly StoredRecord[]> {
  const client = { clientId: 'stored-state', bootstrapBrokers: bootstrapServers.split(',') };
  const admin = new Admin(client);
  const consumer = new Consumer({ ...client, groupId: `stored-state-${randomUUID()}`, autocommit: false });
  try {
    const waiting = await endsOf(admin, topic);
    const records: StoredRecord[] = [];
    if (waiting.size === 0) return records;
    const stream = await consumer.consume({
      topics: [topic],
      mode: MessagesStreamModes.EARLIEST,
      fallbackMode: 'fail',
      isolationLevel: 0,
    });
    for await (const { key, value, partition, offset } of stream) {
      records.push({ key: key.toString(), value });
      // The record before the end is never compacted away: it is the newest.
      if (offset + 1n >= (waiting.get(partition) ?? 0n)) waiting.delete(partition);
      if (waiting.size === 0) break;
    }
    return records;
  } finally {
    await consumer.close(true);
    await admin.close();
  }
}

/** The end offset of each partition that is not empty. */
async function endsOf(admin: Admin, topic: string): Promise<Map<number, bigint>> {
  const { topics } = await admin.metadata({ topics: [topic] });
  const count = topics.get(topic)?.partitionsCount ?? 0;
  const at = async (timestamp: bigint) => {
    const partitions = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp }));
    const [offsets] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
    return offsets?.partitions ?? [];
  };
  const starts = await at(ListOffsetTimestamps.EARLIEST);
  const ends = await at(ListOffsetTimestamps.LATEST);
  return new Map(
    ends
      .filter(({ partitionIndex, offset }) => {
        const start = starts.find((each) => each.partitionIndex === partitionIndex);
        return start !== undefined && offset > start.offset;
      })
      .map(({ partitionIndex, offset }) => [partitionIndex, offset]),
  );
}
