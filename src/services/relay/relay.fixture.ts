import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pairingKey, type TopicName, topics } from '../../contracts/topics.ts';
import type { Database } from '../../database/database.ts';
import { acquireLease } from '../../database/leases.ts';
import type { ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { openEmbeddedLog } from '../../log/embedded/embedded-log.ts';
import type { EventLog } from '../../log/event-log.ts';
import { settlePairing } from '../../operations/pair-log/settle-pairing.ts';
import type { Service } from '../service.ts';
import { startRelay } from './start-relay.ts';

export interface Published {
  readonly topic: TopicName;
  readonly key: string;
  readonly version: number;
  readonly type: string;
  readonly issue?: { readonly title: string };
}

const group = 'dispatchai-classifier';

/** The log with another `append`. */
export function withAppend(log: EventLog, append: EventLog['append']): EventLog {
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'append') return append;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** The relay's lease, for a test that is the relay itself. */
export async function grantLease(database: Database, holder: string) {
  const lease = { name: 'relay', holder, termMs: 60_000 };
  const granted = await acquireLease(database, lease);
  if (granted.kind !== 'granted') throw new Error('the lease is held');
  return { ...lease, token: granted.token };
}

/**
 * A real log and a real database, and relays over them that a test starts and stops. The log is new for each test,
 * the database only emptied.
 */
export async function openRelayStores(scratch: ScratchDatabase) {
  const directory = await mkdtemp(join(tmpdir(), 'relay-'));
  const log = await openEmbeddedLog({
    ...effects,
    file: join(directory, 'log.sqlite'),
    profile: 'development',
  });
  const { database } = scratch;
  await sql`truncate issues, classifications, corrections, outbox, positions, deletions, leases, audit`.execute(
    database.queries,
  );
  await settlePairing({
    database,
    log,
    group,
    effects,
    choose: () => Promise.reject(new Error('a log that nobody has written to asks nothing')),
  });
  const running: Service[] = [];

  const published = async (topic: TopicName = topics.enriched): Promise<readonly Published[]> => {
    const records: Published[] = [];
    for (const { partition, start } of await log.ranges(topic)) {
      for await (const batch of log.read({ topic, partition, from: start })) {
        for (const { key, value } of batch) {
          if (key === pairingKey) continue;
          const text = Buffer.from(value ?? []).toString();
          records.push({ ...(text.startsWith('{') ? JSON.parse(text) : {}), topic, key });
        }
      }
    }
    return records;
  };

  return {
    database,
    log,
    published,
    start: async (over: { readonly database?: Database; readonly log?: EventLog } = {}): Promise<Service> => {
      const relay = await startRelay({
        database,
        log,
        effects,
        group,
        holder: 'test',
        termMs: 1_500,
        ...over,
      });
      running.push(relay);
      return relay;
    },
    /** Resolves once nothing is owed. */
    drained: async (): Promise<void> => {
      for (;;) {
        const row = await database.queries.selectFrom('outbox').select('key').limit(1).executeTakeFirst();
        if (!row) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      for (const relay of running) await relay.stop();
      await log.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
