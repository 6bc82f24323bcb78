import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../effects/clock.ts';
import { moveInstallation, planMove } from '../../operations/move-installation/move-installation.ts';
import { openIntake } from '../../services/classifier/intake.fixture.ts';
import {
  fillInstallation,
  issues,
  recordsOf,
  redelivery,
  stateOf,
  waiting,
  workOff,
} from './move.fixture.ts';

type Side = Awaited<ReturnType<typeof openIntake>>;
let from: Side;
let to: Side;
beforeAll(async () => {
  [from, to] = await Promise.all([openIntake(), openIntake()]);
  // Both are copies of one template.
  await to.database.queries
    .updateTable('pairing')
    .set({ database_id: sql<string>`gen_random_uuid()` })
    .execute();
}, 60_000);
afterAll(() => Promise.all([from.close(), to.close()]));

const options = () => ({ actor: 'mona', onProgress: () => undefined, signal: new AbortController().signal });

it('moves an installation: everything is there, and only what waited is worked on', {
  timeout: 60_000,
}, async () => {
  await fillInstallation(from);
  const move = { from, to, clock: systemClock };
  const plan = await planMove(move);
  expect(plan.obstacles).toEqual([]);
  expect(plan.partitions.reduce((sum, each) => sum + each.waiting, 0)).toBe(waiting.length);
  const before = await stateOf(from.database);
  expect(before.issues).toHaveLength(issues - 1);
  expect(before.outbox).toHaveLength(1);

  expect(await moveInstallation(move, options())).toMatchObject({ kind: 'moved' });
  expect(await stateOf(to.database)).toEqual(before);
  expect(await recordsOf(to.log)).toEqual(await recordsOf(from.log));
  const published = (await recordsOf(to.log)).length;

  await to.log.append([redelivery(to)]);
  const asked = await workOff(to);
  expect([...asked].sort()).toEqual(waiting.map((number) => `The ${number}. crane stops`));
  const after = await stateOf(to.database);
  expect(after.issues.slice(0, issues - 1)).toEqual(before.issues);
  expect(after.issues).toHaveLength(issues - 1 + waiting.length);
  // The redelivery; the correction that was owed; the new issues.
  expect(await recordsOf(to.log)).toHaveLength(published + 1 + 1 + waiting.length);
});

it('fills a target once', async () => {
  const outcome = await moveInstallation({ from, to, clock: systemClock }, options());
  expect(outcome).toMatchObject({
    kind: 'refused',
    plan: { obstacles: [expect.stringMatching(/^((?!did not end).)*; a target is filled once/)] },
  });
});
