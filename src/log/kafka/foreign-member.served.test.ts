import { randomUUID } from 'node:crypto';
import { afterEach, expect, inject, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { BrokerClient } from './broker-client.ts';
import type { BrokerFailure } from './broker-failure.ts';
import { describeMembers } from './describe-members.ts';
import { KafkaLogFixture } from './kafka-log.fixture.ts';

let fixture: KafkaLogFixture;
let foreign: BrokerClient;
afterEach(async () => {
  foreign.close();
  await fixture.dispose();
});

/*
 * The test asks for its own groups alone: a member like this one, for as long as it is there, ends every process that
 * describes it with the client's own `describeGroups`.
 */
it('groups are described beside a member whose bytes make no sense', async () => {
  fixture = await KafkaLogFixture.open(inject('kafka'));
  const { log, connection, names } = fixture;
  foreign = new BrokerClient(connection, 'foreign-member-test', { connect: 3_000, request: 10_000 });
  const [ours, theirs] = [`ours-${randomUUID()}`, `theirs-${randomUUID()}`];
  const membership = await log.join(ours, [topics.raw]);
  for await (const _ of membership) break;
  const { coordinators } = await foreign.call('FindCoordinator', 'any', 0, [theirs]);
  const { host, port } = coordinators[0]!;
  const join = (member: string) => {
    const protocols = [{ name: 'range', metadata: Buffer.from([0]) }];
    return foreign.call(
      'JoinGroup',
      { host, port },
      theirs,
      6_000,
      10_000,
      member,
      null,
      'consumer',
      protocols,
    );
  };
  const named = await join('').catch((error: unknown) => (error as BrokerFailure).response);
  const { memberId } = await join((named as { readonly memberId: string }).memberId);
  const assignments = [{ memberId, assignment: Buffer.from([0]) }];
  await foreign.call(
    'SyncGroup',
    { host, port },
    theirs,
    1,
    memberId,
    null,
    'consumer',
    'range',
    assignments,
  );

  const described = await describeMembers(foreign, [ours, theirs]);
  expect(described.get(theirs)).toEqual([{ id: memberId, subscribed: [], held: [] }]);
  expect(described.get(ours)).toMatchObject([
    { subscribed: [names[topics.raw]], held: [{ topic: names[topics.raw], partitions: [0, 1, 2] }] },
  ]);
  await foreign.call('LeaveGroup', { host, port }, theirs, [{ memberId }]);
  await membership.leave();
});
