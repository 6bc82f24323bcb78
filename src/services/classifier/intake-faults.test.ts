import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openIntake } from './intake.fixture.ts';

type Intake = Awaited<ReturnType<typeof openIntake>>;
let intake: Intake;
beforeAll(async () => {
  intake = await openIntake();
});
afterEach(() => intake.empty());
afterAll(() => intake.close());

const statuses = async () =>
  Object.fromEntries((await intake.events()).map((e) => [e.delivery_id, e.status]));

describe('intake, of what is wrong with a record,', () => {
  it('stores what cannot be read as failed, and does not hold up what follows', async () => {
    await intake.start();
    const broken = intake.say({ delivery: 'broken' });
    const foreign = { ...intake.say({}), headers: { who: 'knows' } };
    await intake.log.append([
      { ...broken, value: Buffer.from('{"action":"opened"') },
      foreign,
      intake.say({ delivery: 'undated', issue: { updated_at: 'yesterday' } }),
      intake.say({ delivery: 'good', number: 2 }),
    ]);
    await intake.settled();
    const events = await intake.events();
    expect(events.map((event) => event.status).sort()).toEqual(['applied', 'failed', 'failed', 'failed']);
    expect(events.find((event) => event.delivery_id === 'undated')?.reason).toContain('updated_at');
    expect(await intake.issue(2)).toBeDefined();
  });

  it('halves a batch that the database refuses until the culprit stands alone', async () => {
    await sql`alter table issues add constraint no_seven check (number <> 7)`.execute(
      intake.database.queries,
    );
    await intake.append(...Array.from({ length: 10 }, (_, n) => ({ delivery: `d${n + 1}`, number: n + 1 })));
    await intake.start();
    await intake.settled();
    await sql`alter table issues drop constraint no_seven`.execute(intake.database.queries);
    const events = await intake.events();
    expect(events.filter((event) => event.status === 'applied')).toHaveLength(9);
    expect(events.filter((event) => event.status === 'failed').map((event) => event.delivery_id)).toEqual([
      'd7',
    ]);
  });

  it('loses nothing when one of a batch’s statements is refused while the others are under way', async () => {
    await intake.start();
    await intake.append({ delivery: 'one' });
    await intake.settled();
    await intake.append({
      delivery: 'two',
      event: 'issue_comment',
      action: 'created',
      updatedAt: '2026-03-01T12:00:09Z',
      // The comment makes one more than an integer holds: the issue's own statement is refused.
      issue: { comments: 2_147_483_647 },
    });
    await intake.settled();
    expect(await statuses()).toEqual({ one: 'applied', two: 'failed' });
  });

  it('stores as failed whatever is wrong with a record, and goes on', async () => {
    await intake.start();
    const timed = (delivery: string, time: string) =>
      intake.say({ delivery, issue: { updated_at: time, created_at: time } });
    const headed = (headers: Record<string, string>) => {
      const record = intake.say({});
      return { ...record, headers: { ...record.headers, ...headers } };
    };
    await intake.log.append([
      timed('year zero', '0000-01-01T00:00:00Z'),
      timed('before year one', '0001-01-01T00:00:00+12:00'),
      timed('year ten thousand', '9999-12-31T23:59:59-12:00'),
      headed({ 'received-at': '9'.repeat(40) }),
      { ...headed({ who: 'knows', event: 'unknown' }), timestamp: Number.MAX_SAFE_INTEGER },
      { ...headed({ event: 'unknown' }), timestamp: -Number.MAX_SAFE_INTEGER, key: 'no \0 key' },
      { ...headed({ 'delivery-id': 'NUL \0', action: '\0' }), value: Buffer.from('\0 is not JSON') },
      intake.say({ delivery: 'good', number: 2 }),
    ]);
    await intake.settled();
    const events = await intake.events();
    expect(events.filter((event) => event.status !== 'failed').map((event) => event.delivery_id)).toEqual([
      'good',
    ]);
    expect(events).toHaveLength(8);
    expect(events.find((event) => event.delivery_id === 'year zero')?.reason).toContain('a year');
    expect(events.find((event) => event.delivery_id === 'NUL \ufffd')).toBeDefined();
  });

  it('stores hostile text', async () => {
    await intake.start();
    await intake.append({
      title: 'NUL \u0000 and a lone \ud800 surrogate',
      issue: { body: '\udfff<script>' },
    });
    await intake.settled();
    expect(await intake.issue()).toMatchObject({
      title: 'NUL \ufffd and a lone \ufffd surrogate',
      body: '\ufffd<script>',
    });
  });
});
