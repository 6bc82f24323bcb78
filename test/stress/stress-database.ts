import { sql } from 'kysely';
import type { Answer } from '../../src/contracts/classification.ts';
import { formatKey } from '../../src/contracts/issue.ts';
import { topics } from '../../src/contracts/topics.ts';
import type { Database } from '../../src/database/database.ts';
import { acquireLease } from '../../src/database/leases.ts';
import { claimPositions } from '../../src/database/positions.ts';
import { settleSent } from '../../src/database/sent-records.ts';
import { answerOf } from '../../src/database/stored-issues.fixture.ts';
import { effects } from '../../src/effects/silent.fixture.ts';
import type { LogRecord } from '../../src/log/event-log.ts';
import { correctClassification } from '../../src/operations/correct-classification.ts';
import { deleteIssue } from '../../src/operations/delete-issue.ts';
import { prepare } from '../../src/services/classifier/prepare.ts';
import { Progress } from '../../src/services/classifier/progress.ts';
import { takeInBatch } from '../../src/services/classifier/take-in-batch.ts';
import type { OfferedModel } from '../../src/services/classifier/upgrade/offer-contents.ts';
import type { StressedUpgrades } from './stress-upgrades.ts';

const repositoryId = 7;
const issues = 60;
const rounds = 6;
const members = 3;
const batchSize = 30;
const consumer = 'stress';
const answer: Answer = answerOf();
const classifier = {
  name: 'local',
  version: '1',
  classify: async (contents: readonly unknown[]) => contents.map(() => answer),
  close: async () => undefined,
};

const numbers = Array.from({ length: issues }, (_, index) => index + 1);
/** Every fifth is deleted by a person while its events come in: all of them are older than that. */
const isDeleted = (number: number) => number % 5 === 0;
const isCorrected = (number: number) => !isDeleted(number) && number % 3 === 0;

/** What went wrong, in words; nothing when every promise was kept. */
export type Finding = string;

/**
 * Intake of three members whose batches want the same issues in different orders (which partitions would keep apart),
 * corrections, deletions and a relay that settles, and a model's answers where asked for, all at once on one database.
 * Everything is determined but the schedule, and so is the state in the end.
 */
export async function stressDatabase(
  database: Database,
  upgrades: StressedUpgrades | null = null,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const note = (what: string) => (error: unknown) => {
    findings.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  };
  const settling = new AbortController();
  const relay = settle(database, settling.signal).catch(note('relay'));
  const intake = Array.from({ length: members }, (_, member) =>
    takeInAll(database, member, upgrades?.offered).catch(note(`intake ${member}`)),
  );
  const people = [
    ...[0, 1].map((person) => correctAll(database, person).catch(note(`corrections ${person}`))),
    deleteAll(database).catch(note('deletions')),
  ];
  await Promise.all([...intake, ...people]);
  const ofUpgrades = (await upgrades?.finish()) ?? [];
  settling.abort();
  await relay;
  return [...findings, ...ofUpgrades, ...(await inspect(database))];
}

/** Every member has every issue's events of its rounds, in an order of its own. */
function recordsOf(member: number): readonly LogRecord[] {
  const mine = Array.from({ length: rounds }, (_, round) => round).filter(
    (round) => round % members === member,
  );
  const order = member % 2 === 0 ? numbers : numbers.toReversed();
  const said = mine.flatMap((round) => order.map((number) => ({ number, round })));
  return said.map(({ number, round }, offset) => record(member, offset, number, round));
}

const timeOf = (round: number) => `2026-03-01T12:00:${String(round).padStart(2, '0')}Z`;

function record(member: number, offset: number, number: number, round: number): LogRecord {
  const payload = {
    action: round === 0 ? 'opened' : 'edited',
    issue: {
      number,
      title: `Round ${round}`,
      // Half of them have one text each, the others share one.
      body: number % 2 === 0 ? 'It stops.' : `It stops at ${number}.`,
      user: { login: 'mona' },
      state: 'open',
      labels: [],
      assignees: [],
      locked: false,
      comments: 0,
      html_url: `https://github.com/octo/harbor/issues/${number}`,
      created_at: timeOf(0),
      updated_at: timeOf(round),
    },
    repository: { id: repositoryId, full_name: 'octo/harbor' },
    sender: { login: 'mona' },
  };
  return {
    topic: topics.raw,
    partition: member,
    offset,
    key: formatKey({ repositoryId, number }),
    value: Buffer.from(JSON.stringify(payload)),
    timestamp: 0,
    headers: {
      'delivery-id': `${number}/${round}`,
      event: 'issues',
      action: payload.action,
      issue: `octo/harbor#${number}`,
      'correlation-id': `${number}/${round}`,
      'received-at': String(round),
      origin: 'github',
    },
  };
}

async function takeInAll(database: Database, member: number, model?: OfferedModel): Promise<void> {
  const claim = { topic: topics.raw, partition: member, topicId: 'a', start: 0 };
  const claimed = await claimPositions(database.queries, {
    consumer,
    owner: `${member}`,
    partitions: [claim],
  });
  const progress = new Progress(claimed);
  const context = {
    consumer,
    classifier,
    model,
    effects,
    retries: { delaysMs: [1_000] as const, jitter: 0 },
  };
  const records = recordsOf(member);
  for (let from = 0; from < records.length; from += batchSize) {
    const batch = await prepare({ database, classifier }, records.slice(from, from + batchSize));
    if ((await takeInBatch(database, context, batch, progress)) === 'fenced') throw new Error('fenced');
  }
}

/** Asks again until the issue is there and nobody else changed it meanwhile, as a person would. */
async function correctAll(database: Database, person: number): Promise<void> {
  const order = person % 2 === 0 ? numbers : numbers.toReversed();
  for (const number of order.filter(isCorrected)) {
    const request = {
      key: { repositoryId, number },
      set: { priority: 'critical' as const, tags: [`by ${person}`] },
      undo: [],
      by: `person ${person}`,
    };
    let version = 0;
    for (;;) {
      const corrected = await correctClassification(
        { database, clock: effects.clock },
        { ...request, version },
      );
      if (corrected.outcome === 'corrected' || corrected.outcome === 'unchanged') break;
      if (corrected.outcome === 'version-conflict') version = corrected.version;
    }
  }
}

async function deleteAll(database: Database): Promise<void> {
  for (const number of numbers.filter(isDeleted)) {
    const request = { key: { repositoryId, number }, repository: 'octo/harbor', by: 'mona' };
    await deleteIssue({ database, clock: effects.clock }, request);
  }
}

/** The relay's part in the database: what is owed is sent, and its rows go. */
async function settle(database: Database, signal: AbortSignal): Promise<void> {
  const lease = { name: 'stress', holder: 'stress' };
  const granted = await acquireLease(database, { ...lease, termMs: 60_000 });
  if (granted.kind !== 'granted') throw new Error('the lease is held');
  while (!signal.aborted) {
    const owed = await database.queries.selectFrom('outbox').selectAll().limit(20).execute();
    await settleSent(database.queries, { ...lease, token: granted.token }, owed, []);
  }
}

async function inspect(database: Database): Promise<readonly Finding[]> {
  const { rows } = await sql<{ finding: string }>`
    with expected as (
      select number, number % 5 = 0 as deleted, number % 5 <> 0 and number % 3 = 0 as corrected
        from generate_series(1, ${issues}::integer) as number)
    select 'issue ' || e.number || ': ' || case
        when e.deleted then 'is back' else coalesce('has the title ' || i.title, 'is missing') end as finding
      from expected e left join issues i using (number)
     where e.deleted = (i.number is not null) or i.title <> ${`Round ${rounds - 1}`}
    union all
    select 'classification ' || e.number || ' has the priority ' || coalesce(c.priority, 'of nobody')
      from expected e left join classifications c using (number)
     where e.deleted = (c.number is not null) or (e.corrected and c.priority <> 'critical')
    union all
    select 'events of ' || e.number || ': ' || count(v.delivery_id)
      from expected e left join events v using (number)
     group by e.number having count(v.delivery_id) <> ${rounds}::integer
    union all
    select 'owed of ' || o.key || ': version ' || o.version || ' above ' || coalesce(i.version, d.version, 0)
      from outbox o
      left join issues i on o.key = i.repository_id || '#' || i.number
      left join deletions d on o.key = d.repository_id || '#' || d.number
     where o.version > greatest(i.version, d.version)
    union all
    select 'event ' || delivery_id || ' is ' || status || ': ' || coalesce(reason, 'for no reason')
      from events
     where status not in ('applied', 'unchanged', 'stale') and not (status = 'refused' and number % 5 = 0)
    union all
    select 'deadlocks: ' || deadlocks from pg_stat_database
     where datname = current_database() and deadlocks > 0`.execute(database.queries);
  return rows.map(({ finding }) => finding);
}
