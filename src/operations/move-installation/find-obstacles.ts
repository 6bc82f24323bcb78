import { topicNames } from '../../contracts/topics.ts';
import type { EventLog } from '../../log/event-log.ts';
import { type Columns, readColumns } from './copy-table.ts';
import type { InstallationStores } from './installation-stores.ts';
import type { PartitionPlan } from './move-plan.ts';
import { readDatabaseId, readTargetRows } from './move-rows.ts';

const anew = 'a target is filled once: drop its schema, delete its topics, create both anew, and begin again';

/** Everything that would make the move fail or the target wrong, one sentence each. */
export async function findObstacles(
  { from, to }: { readonly from: InstallationStores; readonly to: InstallationStores },
  partitions: readonly PartitionPlan[],
): Promise<readonly string[]> {
  const [rows, databaseId, identities, columns] = await Promise.all([
    readTargetRows(to.database.queries),
    readDatabaseId(from.database.queries),
    Promise.all([from.log.identity(), to.log.identity()]),
    Promise.all([readColumns(from.database.queries), readColumns(to.database.queries)]),
  ]);
  if (rows.databaseId === databaseId) return ['source and target are the same database'];
  if (identities[0].clusterId === identities[1].clusterId) return ['source and target are the same log'];
  const filled = [
    ...(rows.filled.length > 0 ? [`the target database has rows in ${rows.filled.join(', ')}`] : []),
    ...(await filledTopics(to.log)).map((topic) => `${topic} of the target has records`),
  ];
  const interrupted =
    rows.moveBegunAt === null ? '' : ` (a move that was begun at ${rows.moveBegunAt} did not end)`;
  return [
    ...(filled.length > 0 ? [`${filled.join('; ')}${interrupted}; ${anew}`] : []),
    ...(await atWork(to.log, rows.leases)),
    ...(await differentPartitions(from.log, to.log)),
    ...(await tooLarge(to.log, partitions)),
    ...lostWork(partitions),
    ...differentColumns(columns),
  ];
}

async function filledTopics(log: EventLog): Promise<readonly string[]> {
  const ranges = (await Promise.all(topicNames.map((topic) => log.ranges(topic)))).flat();
  return [...new Set(ranges.filter((range) => range.start < range.end).map((range) => range.topic))];
}

async function atWork(log: EventLog, leases: readonly string[]): Promise<readonly string[]> {
  // Others may share the brokers: theirs hold no partition of ours.
  const groups = (await log.groups())
    .filter(({ members }) => members.some(({ partitions }) => partitions.length > 0))
    .map((each) => each.group);
  const found = [
    ...(groups.length > 0 ? [`its group ${groups.join(', ')} has members`] : []),
    ...(leases.length > 0 ? [`its lease ${leases.join(', ')} is held`] : []),
  ];
  return found.length === 0 ? [] : [`services run on the target (${found.join('; ')}): stop them first`];
}

async function differentPartitions(from: EventLog, to: EventLog): Promise<readonly string[]> {
  const counts = await Promise.all(
    topicNames.map(async (topic) => ({
      topic,
      source: await from.partitions(topic),
      target: await to.partitions(topic),
    })),
  );
  return counts
    .filter(({ source, target }) => source !== target)
    .map(
      ({ topic, source, target }) =>
        `${topic} has ${source} partitions here and ${target} there: a key has to stay in its partition`,
    );
}

async function tooLarge(to: EventLog, partitions: readonly PartitionPlan[]): Promise<readonly string[]> {
  const found = await Promise.all(
    topicNames.map(async (topic) => {
      const allowed = Number(
        (await to.configuration(topic))['max.message.bytes'] ?? Number.POSITIVE_INFINITY,
      );
      const largest = Math.max(0, ...partitions.map((each) => (each.topic === topic ? each.largest : 0)));
      return largest > allowed
        ? [`${topic} has a record of ${largest} bytes and its max.message.bytes on the target is ${allowed}`]
        : [];
    }),
  );
  return found.flat();
}

function lostWork(partitions: readonly PartitionPlan[]): readonly string[] {
  return partitions
    .filter(({ lost }) => lost > 0)
    .map(
      ({ topic, partition, lost }) =>
        `${lost} records of ${topic}/${partition} were not processed and are older than the target keeps: ` +
        'start the installation until its lag is 0, and then move it',
    );
}

function differentColumns([source, target]: readonly [Columns, Columns]): readonly string[] {
  const differing = Object.keys({ ...source, ...target }).filter(
    (table) => [...(source[table] ?? [])].sort().join() !== [...(target[table] ?? [])].sort().join(),
  );
  return differing.length === 0
    ? []
    : [`the schemas differ in ${differing.join(', ')}: run the same version on both sides`];
}
