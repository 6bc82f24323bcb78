import { topics } from '../../../src/contracts/topics.ts';
import { answersOnLog } from '../invariants/check-answers.ts';
import { group } from '../services/node.ts';
import type { Slot, World } from '../world.ts';
import type { FaultName } from './faults.ts';

type Disturbance = (world: World) => string | undefined | Promise<string | undefined>;

const later = (world: World, owner: string, name: string, ms: number, run: () => void) =>
  world.scheduler.add({
    owner,
    name,
    due: world.scheduler.time + ms,
    run: () => {
      run();
      return undefined;
    },
  });

const someSlot = (world: World): Slot | null => {
  const living = world.slots.filter(({ node }) => node?.process.state === 'running');
  return living.length > 0 ? world.random.pick(living) : null;
};

const crash: Disturbance = (world) => {
  const slot = someSlot(world);
  if (slot) world.crash(slot, world.random.between(100, 3_000));
  return slot?.name;
};

/** SIGSTOP, and later SIGCONT: it wakes believing that it holds what it held. */
const freeze: Disturbance = (world) => {
  const slot = someSlot(world);
  const node = slot?.node;
  if (!node) return undefined;
  node.process.freeze();
  world.server.freeAfterFreeze(node.process);
  world.expel(node, 6_000, () => node.process.state === 'frozen');
  later(world, slot.name, 'thaws', world.random.between(500, 12_000), () => node.process.thaw());
  return node.process.name;
};

const restart: Disturbance = (world) => {
  const slot = someSlot(world);
  const node = slot?.node;
  if (!node) return undefined;
  node.stop().then(
    () => {
      if (slot.node === node) world.crash(slot, 100);
    },
    (error: unknown) => world.trace.note(`${node.process.name} does not stop in order: ${String(error)}`),
  );
  return node.process.name;
};

const rebalance: Disturbance = (world) => {
  const { members } = world.group;
  if (members.length > 0 && world.random.chance(0.5)) {
    const member = world.random.pick(members);
    world.group.leave(member);
    return `${member} is given up`;
  }
  const stranger = world.broker.nextName('stranger');
  world.group.join(stranger, [topics.raw]);
  later(world, stranger, 'leaves', world.random.between(100, 3_000), () => world.group.leave(stranger));
  return `${stranger} joins`;
};

const logAway: Disturbance = (world) => {
  world.broker.away = true;
  later(world, 'broker', 'is back', world.random.between(200, 5_000), () => {
    world.broker.away = false;
  });
  return undefined;
};

const databaseAway: Disturbance = async (world) => {
  world.server.away = true;
  await world.server.resetAll('the database went away');
  later(world, 'database', 'is back', world.random.between(200, 5_000), () => {
    world.server.away = false;
  });
  return undefined;
};

const positions = async (world: World) => {
  const { rows } = await world.server.postgres.query(
    'select partition, next_offset from positions where consumer = $1 and topic = $2 and topic_id = $3',
    [group, topics.raw, world.broker.topicId(topics.raw)],
  );
  return new Map(rows.map((row) => [Number(row.partition), Number(row.next_offset)]));
};

const positionsSetBack: Disturbance = async (world) => {
  if (world.journal.rawLogPutBack) return 'not now: positions are not those of this log';
  const held = await positions(world);
  const ranges = world.broker.ranges(topics.raw);
  const moved = ranges.map(({ partition, start, end }) => {
    const from = Math.min(held.get(partition) ?? start, end);
    return { partition, offset: Math.min(from, start + world.random.below(Math.max(from - start, 0) + 1)) };
  });
  await world.server.postgres.query(
    `update positions set next_offset = moved."offset", last_delivery = null
       from json_to_recordset($1::json) as moved(partition integer, "offset" bigint)
      where consumer = $2 and topic = $3 and positions.partition = moved.partition`,
    [JSON.stringify(moved), group, topics.raw],
  );
  return JSON.stringify(moved);
};

const positionsDeleted: Disturbance = async (world) => {
  const which = world.random.pick([group, 'relay']);
  await world.server.postgres.query('delete from positions where consumer = $1', [which]);
  return which;
};

const offsetsMoved: Disturbance = (world) => {
  const ranges = world.broker.ranges(topics.raw);
  world.group.commit(
    ranges.map((range) => ({ ...range, offset: range.start + world.random.below(range.end + 1) })),
  );
  return undefined;
};

const issuesDeleted: Disturbance = async (world) => {
  const all = world.random.chance(0.3);
  const which = all ? 'true' : `mod(number, 2) = ${world.random.below(2)}`;
  const { rows } = await world.server.postgres.query(
    `with gone as (delete from issues where ${which} returning repository_id, number),
          answers as (delete from classifications c using gone
                       where c.repository_id = gone.repository_id and c.number = gone.number)
     select repository_id || '#' || number as key from gone order by 1`,
  );
  for (const { key } of rows) world.journal.lost.add(String(key));
  return rows.map(({ key }) => key).join(' ');
};

const retention: Disturbance = async (world) => {
  if (world.journal.rawLogPutBack) return 'not now: positions are not those of this log';
  const held = await positions(world);
  for (const { partition, start, end } of world.broker.ranges(topics.raw)) {
    const before = Math.min(held.get(partition) ?? 0, end);
    if (before > start) world.broker.partition({ topic: topics.raw, partition }).trim(before);
  }
  return undefined;
};

const compaction: Disturbance = (world) => {
  for (const topic of [topics.enriched, topics.deletions]) {
    for (const partition of world.broker.partitions(topic)) partition.compact();
  }
  return undefined;
};

/** Only once everything in it was processed: what nobody has read is lost with a topic, whoever reads it. */
const rawRecreated: Disturbance = async (world) => {
  if (world.journal.rawLogPutBack) return 'not now: positions are not those of this log';
  const held = await positions(world);
  const unread = world.broker
    .ranges(topics.raw)
    .some(({ partition, end }) => (held.get(partition) ?? 0) < end);
  if (unread) return 'not now: records wait in it';
  world.broker.recreate(topics.raw);
  return undefined;
};

/**
 * A log volume of some records ago, whose topic is the same one. Only what everybody has processed is missing in it; the
 * classifiers are away meanwhile, as a broker's restart would throw them out.
 */
const rawPutBack: Disturbance = async (world) => {
  const held = await positions(world);
  const unread = world.broker
    .ranges(topics.raw)
    .some(({ partition, end }) => (held.get(partition) ?? 0) < end);
  if (unread) return 'not now: records wait in it';
  // A position that somebody has moved is not recognised by its delivery, and the guarantees say so.
  const { rows } = await world.server.postgres.query(
    'select from positions where consumer = $1 and topic = $2 and next_offset > 0 and last_delivery is null',
    [group, topics.raw],
  );
  if (rows.length > 0) return 'not now: a position knows no delivery';
  world.journal.rawLogPutBack = true;
  for (const slot of world.slots) if (slot.roles.includes('classifier')) world.crash(slot, 3_000);
  return world.broker
    .partitions(topics.raw)
    .map((partition) => `${partition.cut(world.random.below(3))} records are gone`)
    .join(', ');
};

const ownRecreated: Disturbance = (world) => {
  const topic = world.random.pick([topics.enriched, topics.deletions]);
  world.broker.recreate(topic);
  return topic;
};

/** Whether the log has everything that the database has, and nobody is at work on more. */
async function isPublished({ server }: World): Promise<boolean> {
  if (!server.idle) return false;
  const { rows } = await server.postgres.query('select count(*) as owed from outbox');
  return Number(rows[0]?.owed) === 0;
}

async function noteLost(world: World): Promise<void> {
  world.journal.databaseLost = true;
  if (world.remote) await world.answers.databaseLost(answersOnLog(world));
}

/** Only once everything is published: what was not yet in the log is lost with a database that is lost. */
const databasePutBack: Disturbance = async (world) => {
  const { postgres } = world.server;
  await postgres.backUp();
  const putBack = async (): Promise<string> => {
    if (!(await isPublished(world))) {
      world.scheduler.add({ ...again, due: world.scheduler.time + 100 });
      return 'not now: something is owed';
    }
    await world.server.resetAll('the database was put back');
    await postgres.putBack();
    await noteLost(world);
    return 'to the older copy';
  };
  const again = { owner: 'database', name: 'is put back', run: putBack };
  world.scheduler.add({ ...again, due: world.scheduler.time + world.random.between(500, 8_000) });
  return 'copied';
};

const databaseDropped: Disturbance = async (world) => {
  const { postgres } = world.server;
  const drop = async (): Promise<string> => {
    if (!(await isPublished(world))) {
      world.scheduler.add({ ...again, due: world.scheduler.time + 100 });
      return 'not now: something is owed';
    }
    await world.server.resetAll('the database was dropped');
    await postgres.drop();
    await noteLost(world);
    return 'an empty one is in its place';
  };
  const again = { owner: 'database', name: 'is dropped', run: drop };
  return await drop();
};

const browserDisconnected: Disturbance = (world) => {
  if (world.browsers.length > 0) world.random.pick(world.browsers).disconnect();
  return undefined;
};

const notYet: Disturbance = () => 'not enabled';

const disturbances: Partial<Record<FaultName, Disturbance>> = {
  crash,
  freeze,
  restart,
  rebalance,
  'log away': logAway,
  'database away': databaseAway,
  'connections reset': async (world) => {
    await world.server.resetAll('terminating connection due to administrator command');
    return undefined;
  },
  'browser disconnected': browserDisconnected,
  'positions set back': positionsSetBack,
  'positions deleted': positionsDeleted,
  'offsets moved': offsetsMoved,
  'issues deleted': issuesDeleted,
  'retention passes': retention,
  compaction,
  'raw topic recreated': rawRecreated,
  'raw log put back': rawPutBack,
  'own topic recreated': ownRecreated,
  'database put back': databasePutBack,
  'database dropped': databaseDropped,
};

/** Lets one fault of the world happen, between the statements of others but outside their transactions. */
export const disturb = (world: World, fault: FaultName): ReturnType<Disturbance> =>
  (disturbances[fault] ?? notYet)(world);
