import { expect, inject, it } from 'vitest';
import { openServedScratch } from '../../database/postgres/served-scratch.fixture.ts';
import { systemClock } from '../../effects/clock.ts';
import { KafkaLogFixture } from '../../log/kafka/kafka-log.fixture.ts';
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

const options = () => ({ actor: 'mona', onProgress: () => undefined, signal: new AbortController().signal });

it('moves an embedded installation to Kafka and PostgreSQL', async () => {
  const from = await openIntake();
  const kafka = await KafkaLogFixture.open(inject('kafka'));
  const postgres = await openServedScratch(inject('databaseUrl'));
  try {
    const to = { log: kafka.log, database: postgres.database };
    const move = { from, to, clock: systemClock };
    await fillInstallation(from);
    const before = await stateOf(from.database);
    expect((await planMove(move)).obstacles).toEqual([]);
    expect(await moveInstallation(move, options())).toMatchObject({ kind: 'moved' });
    expect(await stateOf(to.database)).toEqual(before);
    expect(await recordsOf(to.log)).toEqual(await recordsOf(from.log));
    const published = (await recordsOf(to.log)).length;

    await to.log.append([redelivery(from)]);
    const asked = await workOff(to);
    expect([...asked].sort()).toEqual(waiting.map((number) => `The ${number}. crane stops`));
    const after = await stateOf(to.database);
    expect(after.issues.slice(0, issues - 1)).toEqual(before.issues);
    expect(after.issues).toHaveLength(issues - 1 + waiting.length);
    // The redelivery; the correction that was owed; the new issues.
    expect(await recordsOf(to.log)).toHaveLength(published + 1 + 1 + waiting.length);
    expect(await moveInstallation(move, options())).toMatchObject({ kind: 'refused' });
  } finally {
    await from.close();
    await kafka.dispose();
    await postgres[Symbol.asyncDispose]();
  }
});
