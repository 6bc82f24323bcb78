import { setTimeout as delay } from 'node:timers/promises';
import { topics } from '../../src/contracts/topics.ts';
import type { Database } from '../../src/database/database.ts';
import type { EventLog } from '../../src/log/event-log.ts';

const lookEveryMs = 20;
const longestMs = 600_000;

/**
 * Resolves once the positions are at the log's ends.
 * @param seen hears at each look how many members hold partitions that are not there yet
 */
export async function untilDrained(
  log: EventLog,
  database: Database,
  seen: (busy: number) => void = () => undefined,
): Promise<void> {
  const ends = await log.ranges(topics.raw);
  const deadline = performance.now() + longestMs;
  for (;;) {
    const rows = await database.queries
      .selectFrom('positions')
      .select(['partition', 'next_offset', 'owner'])
      .where('topic', '=', topics.raw)
      .execute();
    const waiting = ends.flatMap(({ partition, end }) => {
      const position = rows.find((row) => row.partition === partition);
      return position && position.next_offset >= end ? [] : [position?.owner];
    });
    seen(new Set(waiting).size);
    if (waiting.length === 0) return;
    if (performance.now() > deadline) throw new Error('the log is not drained');
    await delay(lookEveryMs);
  }
}

/** @throws Error unless as many of the bench's webhooks were applied */
export async function assertApplied(database: Database, count: number): Promise<void> {
  const stored = await database.queries
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('status', '=', 'applied')
    .where('delivery_id', 'like', 'bench-%')
    .executeTakeFirstOrThrow();
  if (stored.count !== count) throw new Error(`${stored.count} of ${count} events were stored`);
}
