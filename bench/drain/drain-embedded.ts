import { topics } from '../../src/contracts/topics.ts';
import { startClassifier } from '../../src/services/classifier/start-classifier.ts';
import { type Installation, openEmbeddedInstallation } from '../installation.ts';
import { quietEffects } from '../quiet-effects.ts';
import { preload } from '../records.ts';
import { type StageRates, Stages, stageNames } from './stages.ts';
import { assertApplied, untilDrained } from './until-drained.ts';

export interface EmbeddedDrain {
  readonly issuesPerSecond: number;
  /** Each alone, in the same process, on the same kind of issues. */
  readonly stages: StageRates;
  readonly ratio: number;
}

const warmUp = 2000;

/** Issues per second from a preloaded log into the database, against each stage of that way alone. */
export async function drainEmbedded(count: number): Promise<EmbeddedDrain> {
  const installation = await openEmbeddedInstallation();
  try {
    // Warms caches and the just-in-time compiler; what is measured begins after it.
    await preload(installation.log, 1, warmUp);
    await drain(installation);
    const stages = await measureStages(installation);
    await drain(installation);
    await preload(installation.log, 1_000_001, count);
    const issuesPerSecond = count / (await drain(installation));
    await assertApplied(installation.database, 2 * warmUp + count);
    return { issuesPerSecond, stages, ratio: issuesPerSecond / Math.min(...Object.values(stages)) };
  } finally {
    await installation.close();
  }
}

/** @returns seconds */
async function drain({ log, database, classifier }: Installation): Promise<number> {
  const began = performance.now();
  const service = await startClassifier({ database, log, classifier, effects: quietEffects, group: 'bench' });
  await untilDrained(log, database);
  const ms = performance.now() - began;
  await service.stop();
  return ms / 1000;
}

async function measureStages(installation: Installation): Promise<StageRates> {
  const { log } = installation;
  const before = await log.ranges(topics.raw);
  await preload(log, 2_000_001, warmUp);
  const ranges = (await log.ranges(topics.raw)).map((range, index) => ({
    ...range,
    start: before[index]?.end ?? 0,
  }));
  const stages = new Stages(installation);
  const rates = { read: 0, parse: 0, model: 0, insert: 0 };
  for (const name of stageNames) {
    const { issues, ms } = await stages.measure({ name, run: 1, ranges });
    rates[name] = issues / (ms / 1000);
  }
  return rates;
}
