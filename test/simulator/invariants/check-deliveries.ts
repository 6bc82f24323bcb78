import { topics } from '../../../src/contracts/topics.ts';
import type { World } from '../world.ts';
import type { StoredRows } from './stored-rows.ts';

/** Each accepted delivery is stored exactly once, or is a dead letter; only what cannot be processed has failed. */
export function checkDeliveries({ journal, broker }: World, { events }: StoredRows): readonly string[] {
  const stored = new Map(events.map((row) => [row.delivery_id, row]));
  const dead = new Set(
    broker.partitions(topics.deadLetter).flatMap(({ history }) => history.map(({ key }) => key)),
  );
  const problems: string[] = [];
  for (const [id, { accepted, poison }] of journal.deliveries) {
    const row = stored.get(id);
    if (accepted && !row && !dead.has(id)) problems.push(`${id} was accepted and is nowhere`);
    if (!row) continue;
    const failed = row.status === 'failed' || row.status === 'dead';
    // What the database would refuse is stored all the same where its issue has moved on.
    const mayPass = poison === 'too many comments' && !failed;
    if (failed !== (poison !== null) && !mayPass) problems.push(`${id} is ${row.status}, ${row.reason}`);
  }
  for (const id of stored.keys()) {
    if (!journal.deliveries.has(id)) problems.push(`${id} is stored and nobody sent it`);
  }
  return problems;
}

/** Whatever lies before a position is stored. Holds at every moment. */
export async function checkPositions({ broker, server }: World, group: string): Promise<readonly string[]> {
  const { rows } = await server.postgres.query(
    `select partition, next_offset from positions where consumer = $1 and topic = $2 and topic_id = $3`,
    [group, topics.raw, broker.topicId(topics.raw)],
  );
  const stored = await server.postgres.query('select delivery_id from events');
  const known = new Set(stored.rows.map((row) => row.delivery_id));
  return rows.flatMap(({ partition, next_offset }) =>
    broker
      .partition({ topic: topics.raw, partition: Number(partition) })
      .history.filter(
        ({ offset, headers }) => offset < Number(next_offset) && !known.has(headers['delivery-id']),
      )
      .map(
        ({ offset, headers }) =>
          `${partition}@${offset} (${headers['delivery-id']}) lies before the position and is not stored`,
      ),
  );
}
