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
  if (groups.length === 0) return new Map();
  const { coordinators } = await client.call('FindCoordinator', 'any', groupKey, [...groups]);
  const byCoordinator = Map.groupBy(coordinators, ({ host, port }) => `${host}:${port}`);
  const answers = await Promise.all(
    [...byCoordinator.values()].map(async (found) => {
      const { host, port } = found[0]!;
      const keys = found.map(({ key }) => key);
      return (await client.call('DescribeGroups', { host, port }, keys, false)).groups;
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
