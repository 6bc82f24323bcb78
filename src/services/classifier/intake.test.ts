import { createRequire } from 'node:module';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatKey } from '../../contracts/issue.ts';
import { topics } from '../../contracts/topics.ts';
import { group, openIntake, repositoryId } from './intake.fixture.ts';

type Intake = Awaited<ReturnType<typeof openIntake>>;
let intake: Intake;
beforeAll(async () => {
  intake = await openIntake();
});
afterEach(() => intake.empty());
afterAll(() => intake.close());

const statuses = async () =>
  Object.fromEntries((await intake.events()).map((e) => [e.delivery_id, e.status]));

describe('intake', () => {
  it('stores event, issue, answer, outbox row and next offset together', async () => {
    await intake.append({ delivery: 'one' });
    await intake.start();
    await intake.settled();
    expect(await statuses()).toEqual({ one: 'applied' });
    expect(await intake.issue()).toMatchObject({
      title: 'The harbour crane stops',
      origin: 'github',
      state: 'open',
    });
    const outbox = await intake.database.queries.selectFrom('outbox').selectAll().execute();
    const version = (await intake.issue())?.version;
    expect(outbox).toEqual([
      { topic: topics.enriched, key: formatKey({ repositoryId, number: 1 }), version },
    ]);
    expect(await intake.database.queries.selectFrom('classifications').select('category').execute()).toEqual([
      { category: 'bug' },
    ]);
  });

  it('processes a redelivery once, and twice in one batch once, without asking the model again', async () => {
    await intake.append({ delivery: 'one' }, { delivery: 'one' });
    await intake.start();
    await intake.settled();
    await intake.append({ delivery: 'one', title: 'Another text under a known delivery' });
    await intake.settled();
    expect(await statuses()).toEqual({ one: 'applied' });
    expect(await intake.issue()).toMatchObject({ title: 'The harbour crane stops' });
    expect(intake.classifier.asked).toHaveLength(1);
  });

  it('keeps the later edit, whichever arrives first', async () => {
    await intake.start();
    await intake.append({
      delivery: 'late',
      action: 'edited',
      updatedAt: '2026-03-01T12:00:09Z',
      title: 'Second',
    });
    await intake.settled();
    await intake.append({
      delivery: 'early',
      action: 'edited',
      updatedAt: '2026-03-01T12:00:05Z',
      title: 'First',
    });
    await intake.settled();
    expect(await intake.issue()).toMatchObject({ title: 'Second' });
    expect(await statuses()).toEqual({ early: 'stale', late: 'applied' });
  });

  it('folds a second whole, across batches and in any order', async () => {
    await intake.start();
    const bug = { label: { name: 'bug' } };
    await intake.append({
      delivery: 'labeled',
      action: 'labeled',
      payload: bug,
      issue: { labels: [{ name: 'bug' }] },
    });
    await intake.settled();
    await intake.append({ delivery: 'opened', issue: { labels: [] } });
    await intake.settled();
    await intake.append({
      delivery: 'edited',
      action: 'edited',
      title: 'The crane stops at noon',
      payload: { changes: { title: { from: 'The harbour crane stops' } } },
    });
    await intake.settled();
    expect(await intake.issue()).toMatchObject({ title: 'The crane stops at noon', labels: ['bug'] });
    expect(intake.classifier.asked.map((content) => content.title)).toEqual([
      'The harbour crane stops',
      'The crane stops at noon',
    ]);
  });

  it('makes no version, outbox row or answer where nothing changes', async () => {
    await intake.start();
    await intake.append({ delivery: 'one' });
    await intake.settled();
    await sql`delete from outbox`.execute(intake.database.queries);
    const before = await intake.issue();
    await intake.append({ delivery: 'two' });
    await intake.settled();
    expect(await statuses()).toEqual({ one: 'applied', two: 'unchanged' });
    expect(await intake.issue()).toEqual(before);
    expect(await intake.database.queries.selectFrom('outbox').selectAll().execute()).toEqual([]);
    expect(intake.classifier.asked).toHaveLength(1);
  });

  it('goes on after a restart in the middle, and after its group’s offsets were set back', async () => {
    const first = await intake.start();
    await intake.append(
      ...Array.from({ length: 20 }, (_, n) => ({ delivery: `a${n}`, number: n + 1, title: `Crane ${n}` })),
    );
    await first.stop();
    await intake.append(
      ...Array.from({ length: 20 }, (_, n) => ({ delivery: `b${n}`, number: n + 21, title: `Quay ${n}` })),
    );
    const ranges = await intake.log.ranges(topics.raw);
    const toStart = ranges.map(({ topic, partition, start }) => ({ topic, partition, offset: start }));
    expect(await intake.log.setGroupOffsets(group, toStart)).toBe('set');
    await intake.start();
    await intake.settled();
    expect(Object.values(await statuses())).toEqual(Array.from({ length: 40 }, () => 'applied'));
    expect(intake.classifier.asked).toHaveLength(40);
  });

  it('begins where it is told to, and only where it has no position', async () => {
    await intake.append({ delivery: 'before' });
    const first = await intake.start({ begin: 'end' });
    await intake.settled();
    await intake.append({ delivery: 'after', number: 2 });
    await intake.settled();
    await first.stop();
    await intake.append({ delivery: 'meanwhile', number: 3 });
    await intake.start({ begin: 'end' });
    await intake.settled();
    expect(Object.keys(await statuses())).toEqual(['after', 'meanwhile']);
  });

  it('begins at a time', async () => {
    await intake.append({ delivery: 'before' });
    await intake.start({ begin: Date.now() + 60_000 });
    await intake.settled();
    await intake.append({ delivery: 'after' });
    await intake.settled();
    expect(Object.keys(await statuses())).toEqual(['after']);
  });

  it('waits with its claim for what comes before it', async () => {
    let calls = 0;
    const beforeClaim = async () => {
      calls += 1;
      if (calls === 1) throw new Error('the shared ledger cannot be read');
      expect(await intake.positions()).toEqual([]);
    };
    await intake.append({ delivery: 'one' });
    await intake.start({ beforeClaim });
    await intake.settled();
    expect([calls, await statuses()]).toEqual([2, { one: 'applied' }]);
  });

  it('does not bring a deleted issue back by anything older, and does by something genuinely newer', async () => {
    await intake.start();
    await intake.append({ delivery: 'one' });
    await intake.settled();
    await sql`delete from issues`.execute(intake.database.queries);
    await sql`insert into deletions values (${repositoryId}, 1, 'octo/harbor', 5, '2026-03-02T00:00:00Z',
      '2026-03-01T12:00:00Z', 'person', 'mona', false)`.execute(intake.database.queries);
    await intake.append({ delivery: 'two', action: 'edited', updatedAt: '2026-03-01T23:59:59Z' });
    await intake.settled();
    expect(await intake.issue()).toBeUndefined();
    await intake.append({ delivery: 'three', action: 'reopened', updatedAt: '2026-03-03T00:00:00Z' });
    await intake.settled();
    expect((await intake.issue())?.version).toBeGreaterThan(5);
    expect(await statuses()).toEqual({ one: 'applied', three: 'applied', two: 'refused' });
  });

  it.each(['deleted', 'transferred'])('takes GitHub’s %s as final, whatever its time', async (action) => {
    await intake.start();
    await intake.append({ updatedAt: '2026-03-01T12:00:09Z' });
    await intake.settled();
    await intake.append({ action, updatedAt: '2026-03-01T12:00:00Z' });
    await intake.settled();
    expect(await intake.issue()).toBeUndefined();
    await intake.append({ action: 'reopened', updatedAt: '2027-03-01T12:00:00Z' });
    await intake.settled();
    expect(await intake.issue()).toBeUndefined();
    const ledger = await intake.database.queries
      .selectFrom('deletions')
      .select(['reason', 'repository'])
      .execute();
    expect(ledger).toEqual([{ reason: `github-${action}`, repository: 'octo/harbor' }]);
    const owed = await intake.database.queries
      .selectFrom('outbox')
      .select('topic')
      .orderBy('topic')
      .execute();
    expect(owed).toEqual([{ topic: topics.deletions }, { topic: topics.enriched }]);
  });

  it('takes everything of an issue along that GitHub deleted, whatever a person deleted before', async () => {
    await intake.start();
    await intake.append({ delivery: 'one' });
    await intake.settled();
    const version = (await intake.issue())?.version ?? 0;
    const { queries } = intake.database;
    await sql`insert into corrections values (${repositoryId}, 1, 'category', '"feature"', 'mona')`.execute(
      queries,
    );
    await sql`insert into ai_tasks values (${repositoryId}, 1, 'hash', true)`.execute(queries);
    await sql`insert into deletions values (${repositoryId}, 1, 'octo/harbor', ${version + 1}::bigint,
      '2026-02-28T00:00:00Z', '2026-02-27T00:00:00Z', 'person', 'mona', false)`.execute(queries);
    await intake.append({ delivery: 'two', action: 'deleted', payload: { sender: null } });
    await intake.settled();
    for (const table of ['issues', 'classifications', 'corrections', 'ai_tasks'] as const)
      expect(await queries.selectFrom(table).selectAll().execute()).toEqual([]);
    const [ledger] = await queries.selectFrom('deletions').selectAll().execute();
    expect(ledger).toMatchObject({
      reason: 'github-deleted',
      deleted_by: 'github',
      state_updated_at: new Date('2026-03-01T12:00:00Z'),
    });
    expect(ledger?.version).toBeGreaterThan(version + 1);
  });

  it('shares partitions between two members; the one that lost them cannot commit', async () => {
    const first = await intake.start();
    const second = await intake.start();
    await intake.append(...Array.from({ length: 60 }, (_, n) => ({ number: n + 1, title: `Crane ${n}` })));
    await intake.settled();
    await first.stop();
    await intake.append(...Array.from({ length: 60 }, (_, n) => ({ number: n + 61, title: `Quay ${n}` })));
    await intake.settled();
    await second.stop();
    const rows = await intake.events();
    expect(rows).toHaveLength(120);
    // A batch that is lost between its preparation and its transaction is prepared again by the other member.
    expect(new Set(intake.classifier.asked.map(({ title }) => title)).size).toBe(120);
  });

  it('takes every example of GitHub’s issue events in', async () => {
    await intake.start();
    const all: { name: string; examples: Record<string, unknown>[] }[] = createRequire(import.meta.url)(
      '@octokit/webhooks-examples/api.github.com/index.json',
    );
    const records = all
      .filter(({ name }) => name === 'issues' || name === 'issue_comment')
      .flatMap(({ name, examples }) =>
        examples.map((payload, index) => {
          const record = intake.say({ delivery: `${name}-${index}`, event: name as 'issues' });
          return {
            ...record,
            headers: { ...record.headers, action: String(payload.action) },
            value: Buffer.from(JSON.stringify(payload)),
          };
        }),
      );
    await intake.log.append(records);
    await intake.settled();
    const events = await intake.events();
    expect(events).toHaveLength(records.length);
    expect(events.filter((event) => event.status === 'failed')).toEqual([]);
  });
});
