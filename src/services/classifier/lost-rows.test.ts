import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { effects } from '../../effects/silent.fixture.ts';
import { deleteIssue } from '../../operations/delete-issue.ts';
import { openIntake, repositoryId } from './intake.fixture.ts';

let intake: Awaited<ReturnType<typeof openIntake>>;
beforeAll(async () => {
  intake = await openIntake();
});
afterEach(() => intake.empty());
afterAll(() => intake.close());

describe('intake, of issues whose rows are gone,', () => {
  it('does not bring truncated issues back by replayed events, and goes on above their versions', async () => {
    await intake.start();
    await intake.append({ delivery: 'one' });
    await intake.settled();
    const version = (await intake.issue())?.version ?? 0;
    await sql`truncate issues cascade`.execute(intake.database.queries);
    await intake.append(
      { delivery: 'one' },
      { delivery: 'older', updatedAt: '2026-03-01T11:00:00Z', action: 'edited' },
    );
    await intake.settled();
    expect(await intake.issue()).toBeUndefined();
    await intake.append({ delivery: 'newer', updatedAt: '2026-03-01T13:00:00Z', action: 'edited' });
    await intake.settled();
    expect((await intake.issue())?.version).toBeGreaterThan(version);
  });

  it('brings a truncated issue back with its pin and its comments', async () => {
    await intake.start();
    await intake.append(
      { delivery: 'opened' },
      { delivery: 'unpinned', action: 'unpinned' },
      { delivery: 'pinned', action: 'pinned' },
      { delivery: 'edited', action: 'edited', updatedAt: '2026-03-01T12:00:09Z', issue: { comments: 4 } },
      { delivery: 'refused', action: 'unpinned', payload: { repository: null } },
    );
    await intake.settled();
    const before = await intake.issue();
    expect(before).toMatchObject({ pinned: true, comments: 4 });
    await sql`truncate issues cascade`.execute(intake.database.queries);
    const sameSecond = { updatedAt: '2026-03-01T12:00:09Z', issue: { comments: 4 } };
    await intake.append({
      delivery: 'again',
      action: 'labeled',
      ...sameSecond,
      payload: { label: { name: 'a' } },
    });
    await intake.settled();
    expect(await intake.issue()).toMatchObject({
      pinned: true,
      comments: 4,
      labels: ['a'],
      guards: before?.guards,
    });
  });

  it('goes on above the version of a deletion also when the clock was set back since', async () => {
    const { database } = intake;
    const deletion = await deleteIssue(
      { database, clock: effects.clock },
      { key: { repositoryId, number: 1 }, repository: 'octo/harbor', by: 'someone' },
    );
    const clock = { ...effects.clock, now: () => 1_000 };
    await intake.start({ effects: { ...effects, clock } });
    await intake.append({ delivery: 'newer', updatedAt: '2100-01-01T00:00:00Z' });
    await intake.settled();
    expect((await intake.issue())?.version).toBeGreaterThan(deletion.version);
  });
});
