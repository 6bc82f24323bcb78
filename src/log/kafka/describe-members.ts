import { decodeConsumerProtocolAssignment, decodeConsumerProtocolSubscription } from '@platformatic/kafka';
import type { BrokerClient } from './broker-client.ts';

/** A member as the coordinator of its group knows it, with the broker's names of topics. */
export interface DescribedMember {
  readonly id: string;
  readonly subscribed: readonly string[];
  readonly held: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
}

const groupKey = 0;

/**
 * The members of groups, by group. Any program may have put one on the brokers: one whose bytes make no sense has
 * nothing of ours. (The client's own `describeGroups` throws over it where nobody can catch that.)
 * @throws BrokerFailure
 */
export async function describeMembers(
  client: BrokerClient,
  groups: readonly string[],
): Promise<ReadonlyMap<string, readonly DescribedMember[]>> {
  // Before version 4 a request has one key, and its answer none.
  const coordinators = await Promise.all(
    groups.map(async (group) => {
      const answer = await client.call('FindCoordinator', 'any', groupKey, [group]);
      return answer.coordinators.map(({ host, port }) => ({ group, host, port }));
    }),
  );
  const byCoordinator = Map.groupBy(coordinators.flat(), ({ host, port }) => `${host}:${port}`);
  const answers = await Promise.all(
    [...byCoordinator.values()].map(async (found) => {
      const keys = found.map(({ group }) => group);
      return (await client.call('DescribeGroups', found[0]!, keys, false)).groups;
    }),
  );
  return new Map(
    answers.flat().map(({ groupId, members }) => [
      groupId,
      members.map(({ memberId, memberMetadata, memberAssignment }) => ({
        id: memberId,
        subscribed: decoded(memberMetadata, decodeConsumerProtocolSubscription)?.topics ?? [],
        held: decoded(memberAssignment, decodeConsumerProtocolAssignment)?.assignedPartitions ?? [],
      })),
    ]),
  );
}

/** Null where the bytes are another program's, or there are none, as during a rebalance. */
function decoded<Value>(bytes: Buffer, decode: (bytes: Buffer) => Value): Value | null {
  try {
    return bytes.length === 0 ? null : decode(bytes);
  } catch {
    return null;
  }
}
