import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Classifier, Content } from '../../classification/classifier.ts';
import type { Answer } from '../../contracts/classification.ts';
import { formatKey, type Origin } from '../../contracts/issue.ts';
import { topics } from '../../contracts/topics.ts';
import { openScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { systemClock } from '../../effects/clock.ts';
import { systemRandomness } from '../../effects/randomness.ts';
import { effects, silent } from '../../effects/silent.fixture.ts';
import { openEmbeddedLog } from '../../log/embedded/embedded-log.ts';
import type { Service } from '../service.ts';
import { type ClassifierOptions, startClassifier } from './start-classifier.ts';

const plain = <T>(value: T) => ({
  value,
  confidence: 0.5,
  reason: 'It is what this test answers.',
  evidence: [],
});

/** Answers everything alike and counts what it was asked: intake's rules are about when it asks, not what it hears. */
export class CountingClassifier implements Classifier {
  readonly name = 'local';
  readonly version = 'counting';
  readonly asked: Content[] = [];
  async classify(contents: readonly Content[]): Promise<readonly Answer[]> {
    this.asked.push(...contents);
    return contents.map(() => ({
      category: plain('bug'),
      priority: plain('medium'),
      severity: plain('minor'),
      component: plain(null),
      effort: plain('small'),
      sentiment: plain('neutral'),
      tags: plain([]),
      summary: plain('A summary.'),
    }));
  }
  async close(): Promise<void> {
    await Promise.resolve();
  }
}

export interface Said {
  readonly delivery?: string;
  readonly number?: number;
  readonly event?: 'issues' | 'issue_comment' | 'snapshot';
  readonly action?: string;
  readonly updatedAt?: string;
  readonly title?: string;
  readonly receivedAt?: number;
  readonly origin?: Origin;
  readonly payload?: Record<string, unknown>;
  readonly issue?: Record<string, unknown>;
}

export const repositoryId = 186853002;
export const group = 'dispatchai-classifier';

/** A real log and a real database with intake between them; `settled` waits until the log has been taken in. */
export async function openIntake() {
  const scratch = await openScratchDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'dispatchai-intake-'));
  const log = await openEmbeddedLog({
    file: join(directory, 'log.sqlite'),
    profile: 'development',
    clock: systemClock,
    randomness: systemRandomness,
    logger: silent,
  });
  const classifier = new CountingClassifier();
  const { database } = scratch;
  const running: Service[] = [];
  let deliveries = 0;

  const say = (said: Said) => {
    deliveries += 1;
    const number = said.number ?? 1;
    const updated_at = said.updatedAt ?? '2026-03-01T12:00:00Z';
    const action = said.action ?? 'opened';
    const payload = {
      action,
      issue: {
        number,
        title: said.title ?? 'The harbour crane stops',
        body: 'It stops.',
        user: { login: 'mona' },
        state: 'open',
        labels: [],
        assignees: [],
        locked: false,
        comments: 0,
        html_url: `https://github.com/octo/harbor/issues/${number}`,
        created_at: '2026-03-01T12:00:00Z',
        updated_at,
        ...said.issue,
      },
      repository: { id: repositoryId, full_name: 'octo/harbor' },
      sender: { login: 'mona' },
      ...said.payload,
    };
    return {
      topic: topics.raw,
      key: formatKey({ repositoryId, number }),
      value: Buffer.from(JSON.stringify(payload)),
      headers: {
        'delivery-id': said.delivery ?? `delivery-${deliveries}`,
        event: said.event ?? 'issues',
        action,
        issue: `octo/harbor#${number}`,
        'correlation-id': `correlation-${deliveries}`,
        'received-at': String(said.receivedAt ?? deliveries),
        origin: said.origin ?? ('github' as const),
      },
    };
  };

  const intake = {
    database,
    log,
    classifier,
    say,
    append: (...all: Said[]) => log.append(all.map(say)),
    start: async (options: Partial<ClassifierOptions> = {}) => {
      const service = await startClassifier({ database, log, classifier, effects, group, ...options });
      running.push(service);
      return service;
    },
    positions: () =>
      database.queries
        .selectFrom('positions')
        .select(['partition', 'next_offset', 'claim'])
        .where('consumer', '=', group)
        .orderBy('partition')
        .execute(),
    settled: () =>
      expect
        .poll(
          async () => {
            const positions = await intake.positions();
            const ranges = await log.ranges(topics.raw);
            return ranges.every((range) => positions[range.partition]?.next_offset === range.end);
          },
          { interval: 5, timeout: 10_000 },
        )
        .toBe(true),
    /** Makes the database refuse an issue's row with this SQLSTATE, until `accept`. */
    refuse: async (number: number, sqlstate: string) => {
      await intake.accept();
      await sql
        .raw(`
          create function refuse() returns trigger language plpgsql as $$ begin
            if new.number = ${number} then raise exception 'refused' using errcode = '${sqlstate}'; end if;
            return new;
          end $$;
          create trigger refuse before insert or update on issues for each row execute function refuse()`)
        .execute(database.queries);
    },
    accept: async () => {
      await sql`drop function if exists refuse cascade`.execute(database.queries);
    },
    /** Waits until no failed event waits for another try. */
    tried: () =>
      expect
        .poll(
          async () => {
            const rows = await intake.events();
            return rows.filter(({ status }) => status === 'failed').length;
          },
          { interval: 5, timeout: 10_000 },
        )
        .toBe(0),
    events: () =>
      database.queries
        .selectFrom('events')
        .select(['delivery_id', 'status', 'reason'])
        .orderBy('delivery_id')
        .execute(),
    issue: (number = 1) =>
      database.queries
        .selectFrom('issues')
        .selectAll()
        .where('repository_id', '=', repositoryId)
        .where('number', '=', number)
        .executeTakeFirst(),
    empty: async () => {
      await Promise.all(running.splice(0).map((service) => service.stop()));
      await intake.accept();
      await sql`truncate events, issues, classifications, corrections, outbox, positions, deletions`.execute(
        database.queries,
      );
      for (const range of await log.ranges(topics.raw))
        await log.trim(range.topic, range.partition, range.end);
      classifier.asked.length = 0;
    },
    close: async () => {
      await Promise.all(running.map((service) => service.stop()));
      await log.close();
      await scratch[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return intake;
}
