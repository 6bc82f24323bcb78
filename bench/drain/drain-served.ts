import { randomUUID } from 'node:crypto';
import { topics } from '../../src/contracts/topics.ts';
import type { Database } from '../../src/database/database.ts';
import { openServedScratch } from '../../src/database/postgres/served-scratch.fixture.ts';
import type { EventLog, PartitionRange } from '../../src/log/event-log.ts';
import { until } from '../../test/until.ts';
import { preload } from '../records.ts';
import type { ServedStores } from '../stores/bench-stores.ts';
import { openBenchTopics } from '../stores/bench-topics.ts';
import { ClassifierProcess } from './classifier-process.ts';
import { type StageRates, stageNames } from './stages.ts';
import { assertApplied, untilDrained } from './until-drained.ts';

export interface ServedDrain {
  /** By two classifiers, from before the first claim to the last position. */
  readonly issuesPerSecond: number;
  /** Share of that time in which one of them had nothing left: three partitions do not halve. */
  readonly uneven: number;
  /** Processor time of both classifiers an issue, in ms; broker and database not counted. */
  readonly processorMs: number;
  /** Each stage alone: in one process, which has everything to itself, and in two at once, as the classifiers are. */
  readonly stages: { readonly one: StageRates; readonly two: StageRates };
  /** Against the slowest stage alone in two processes at once: the higher limit of the two. */
  readonly ratio: number;
}

interface Bench {
  readonly log: EventLog;
  readonly database: Database;
  readonly group: string;
  readonly classifiers: readonly ClassifierProcess[];
}

const warmUp = 4000;
const stageIssues = 2000;

/** Issues per second from a preloaded log into the database by two classifiers, against each stage alone. */
export async function drainServed(stores: ServedStores, count: number): Promise<ServedDrain> {
  const own = await openBenchTopics(stores.kafka);
  const scratch = await openServedScratch(stores.databaseUrl);
  const { log } = own;
  const group = `bench-${randomUUID().slice(0, 8)}`;
  const { database } = scratch;
  const classifiers: ClassifierProcess[] = [];
  try {
    const kafka = own.connection.bootstrapServers;
    const place = { kafka, topicNames: own.names, databaseUrl: scratch.url, group };
    for (let n = 0; n < 2; n += 1) classifiers.push(await ClassifierProcess.start(place));
    const bench = { log, database, group, classifiers };
    await preload(log, 1, warmUp);
    await drain(bench);
    const stages = await measureStages(bench);
    await drain(bench);
    await preload(log, 1_000_001, count);
    const { seconds, uneven, processorMs } = await drain(bench);
    await assertApplied(database, warmUp + stageIssues + count);
    const issuesPerSecond = count / seconds;
    const ratio = issuesPerSecond / Math.min(...Object.values(stages.two));
    return { issuesPerSecond, uneven, processorMs: processorMs / count, stages, ratio };
  } finally {
    await Promise.all(classifiers.map((each) => each.end()));
    await scratch[Symbol.asyncDispose]();
    await own.administer(async (admin) => {
      if ((await admin.listGroups()).has(group)) await admin.deleteGroups({ groups: [group] });
    });
    await own.dispose();
  }
}

interface Drained extends Pick<ServedDrain, 'uneven' | 'processorMs'> {
  readonly seconds: number;
}

async function drain({ log, database, group, classifiers }: Bench): Promise<Drained> {
  const all = (kind: 'join' | 'begin' | 'leave') =>
    Promise.all(classifiers.map((each) => each.order({ kind })));
  await all('join');
  await until(async () => (await sharingMembers(log, group)) === classifiers.length, {
    what: 'each classifier has partitions',
    withinMs: 60_000,
  });
  const used = () => classifiers.reduce((sum, each) => sum + each.processorMs, 0);
  const usedBefore = used();
  const began = performance.now();
  await all('begin');
  let evenUntil = began;
  await untilDrained(log, database, (busy) => {
    if (busy === classifiers.length) evenUntil = performance.now();
  });
  const ms = performance.now() - began;
  const processorMs = used() - usedBefore;
  await all('leave');
  return { seconds: ms / 1000, uneven: 1 - (evenUntil - began) / ms, processorMs };
}

async function sharingMembers(log: EventLog, name: string): Promise<number> {
  const groups = await log.groups();
  const members = groups.find(({ group }) => group === name)?.members ?? [];
  return members.filter(({ partitions }) => partitions.length > 0).length;
}

async function measureStages({ log, classifiers }: Bench): Promise<ServedDrain['stages']> {
  const before = await log.ranges(topics.raw);
  await preload(log, 2_000_001, stageIssues);
  const ranges = (await log.ranges(topics.raw)).map((range, index) => ({
    ...range,
    start: before[index]?.end ?? 0,
  }));
  return {
    one: await stageRates(classifiers.slice(0, 1), ranges, 1),
    two: await stageRates(classifiers, ranges, 2),
  };
}

/** Each stage in all of these processes at once, on the same records. */
async function stageRates(
  classifiers: readonly ClassifierProcess[],
  ranges: readonly PartitionRange[],
  firstRun: number,
): Promise<StageRates> {
  const rates = { read: 0, parse: 0, model: 0, insert: 0 };
  for (const name of stageNames) {
    const measured = await Promise.all(
      classifiers.map((each, index) =>
        each.order({ kind: 'stage', stage: { name, run: firstRun + index, ranges } }),
      ),
    );
    const issues = measured.reduce((sum, each) => sum + (each?.issues ?? 0), 0);
    rates[name] = issues / (Math.max(...measured.map((each) => each?.ms ?? 0)) / 1000);
  }
  return rates;
}
