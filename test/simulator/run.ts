import { topics } from '../../src/contracts/topics.ts';
import type { SimulatedPostgres } from './database/simulated-postgres.ts';
import { Random } from './engine/random.ts';
import { disturb } from './faults/disturb.ts';
import type { FaultName } from './faults/faults.ts';
import { checkAnswers } from './invariants/check-answers.ts';
import { checkBrowsers } from './invariants/check-browsers.ts';
import { checkDeliveries, checkPositions } from './invariants/check-deliveries.ts';
import { checkCorrections, checkLedger } from './invariants/check-ledger.ts';
import { checkStates } from './invariants/check-states.ts';
import { checkDeletions, checkEnriched } from './invariants/check-topics.ts';
import { readStoredRows } from './invariants/stored-rows.ts';
import { group, type Role } from './services/node.ts';
import { correctByPerson, deleteByPerson, deliver, importSnapshot } from './workload/act.ts';
import { busyMs, planRun, type Step } from './workload/plan.ts';
import { drawFaults, epoch, World } from './world.ts';

export interface RunOptions {
  readonly seed: number;
  readonly events?: number;
  /** Faults that this run does without. */
  readonly without?: ReadonlySet<FaultName>;
  /** Faults that it always has. */
  readonly always?: readonly FaultName[];
  /** Steps of the plan that are left out, by id. */
  readonly omitted?: ReadonlySet<number>;
  /** Whether a language model answers after the local one; drawn when absent. */
  readonly remoteModel?: boolean | undefined;
}

export interface RunOutcome {
  readonly problems: readonly string[];
  /** Equal for equal seeds. */
  readonly digest: string;
  readonly tail: readonly string[];
  readonly plan: readonly Step[];
  readonly faults: readonly FaultName[];
  readonly steps: number;
}

const everything: readonly Role[] = ['ingress', 'classifier', 'relay'];

/** Who runs what: all in one process, twice all, or a process for each. */
function drawSlots(random: Random): readonly { readonly name: string; readonly roles: readonly Role[] }[] {
  const all = random.chance(0.5) ? [...everything, 'gateway' as const] : everything;
  switch (random.below(3)) {
    case 0:
      return [{ name: 'one', roles: all }];
    case 1:
      return [
        { name: 'one', roles: all },
        { name: 'other', roles: all },
      ];
    default:
      return [
        { name: 'front', roles: all.filter((role) => role === 'ingress' || role === 'gateway') },
        ...['intake', 'intake-2'].map((name) => ({ name, roles: ['classifier' as const] })),
        ...['relay', 'relay-2'].map((name) => ({ name, roles: ['relay' as const] })),
      ];
  }
}

/** One run: a busy time with faults, then peace until everything is worked off, then the invariants. */
export async function simulate(postgres: SimulatedPostgres, options: RunOptions): Promise<RunOutcome> {
  const random = new Random(`run ${options.seed}`);
  const faults = drawFaults(random.fork('faults'), options.without ?? new Set(), options.always ?? []);
  const events = options.events ?? 30;
  const plan = planRun(random.fork('plan'), { events, disturbances: faults.world, epoch });
  const hasRemoteModel = options.remoteModel ?? random.fork('remote model').chance(0.4);
  const world = new World(`world ${options.seed}`, postgres, faults.calls, hasRemoteModel);
  await postgres.begin(() => world.now);
  try {
    world.open(drawSlots(random.fork('slots')));
    if (world.nodes('gateway').length > 0) for (let count = 0; count < 2; count += 1) world.browse();
    for (const step of plan) if (!options.omitted?.has(step.id)) schedule(world, step);
    await world.scheduler.run({ time: busyMs + 5_000 });
    // Positions of a log that was put back are mended by the next claim, which may still be to come.
    const early = world.journal.rawLogPutBack
      ? []
      : await checkAtRest(world, () => checkPositions(world, group));
    const problems = early.length > 0 ? early : await settleAndCheck(world, faults.world);
    return {
      problems: [...world.journal.wrongs, ...problems],
      digest: world.trace.digest(),
      tail: world.trace.tail(4000),
      plan,
      faults: [...faults.calls.keys(), ...faults.world.keys()],
      steps: world.scheduler.steps,
    };
  } finally {
    await postgres.end();
  }
}

function schedule(world: World, step: Step): void {
  const add = (at: number, name: string, run: () => ReturnType<typeof disturb>) =>
    world.scheduler.add({ owner: 'plan', name: `${step.id} ${name}`, due: at, run });
  const act = (run: () => void) => () => {
    run();
    return undefined;
  };
  switch (step.kind) {
    case 'deliver':
      for (const at of [0, ...step.again]) {
        add(
          step.at + at,
          `delivers ${step.deliveryId}`,
          act(() => deliver(world, step)),
        );
      }
      return;
    case 'import':
      add(
        step.at,
        'imports',
        act(() => importSnapshot(world, step)),
      );
      return;
    case 'delete':
      add(
        step.at,
        'deletes',
        act(() => deleteByPerson(world, step)),
      );
      return;
    case 'correct':
      add(
        step.at,
        'corrects',
        act(() => correctByPerson(world, step)),
      );
      return;
    case 'disturb': {
      const begins = () =>
        world.scheduler.add({
          owner: 'fault',
          name: step.fault,
          when: () => world.server.idle,
          run: () => disturb(world, step.fault),
        });
      add(step.at, step.fault, act(begins));
    }
  }
}

/** What reads the database behind the program's back waits until no transaction is open. */
async function checkAtRest<Result>(world: World, check: () => Promise<Result>): Promise<Result> {
  await world.scheduler.run({ done: () => world.server.idle, time: world.scheduler.time + 60_000 });
  return await check();
}

const longestDrainMs = 120_000;

async function settleAndCheck(
  world: World,
  faults: ReadonlyMap<FaultName, number>,
): Promise<readonly string[]> {
  world.calm();
  await checkAtRest(world, () =>
    world.server.postgres.query('update leases set expires_at = to_timestamp(0)'),
  );
  world.replaceAll({ name: 'last', roles: [...new Set(world.slots.flatMap(({ roles }) => roles))] });
  // What is still on its way lands behind the last relay's back, which looks at the ends once a minute.
  // A database that is put back only now, while nothing arrives, is noticed by a look once a minute, too.
  const isLookedFor = world.has('append late') || faults.has('database put back');
  if (isLookedFor) await world.scheduler.run({ time: world.scheduler.time + 80_000 });
  const limit = world.scheduler.time + longestDrainMs;
  for (let drained = 0; drained < 3; ) {
    if (world.scheduler.time >= limit) return [await describeUnfinished(world)];
    await world.scheduler.run({ time: world.scheduler.time + 600 });
    drained = (await checkAtRest(world, () => isDrained(world))) ? drained + 1 : 0;
  }
  const rows = await readStoredRows(world.server.postgres);
  return [
    ...checkDeliveries(world, rows),
    ...(await checkPositions(world, group)),
    ...checkStates(world, rows),
    ...(await checkAnswers(world)),
    ...checkLedger(world, rows),
    ...checkCorrections(world, rows),
    ...checkEnriched(world, rows),
    ...checkDeletions(world, rows),
    ...checkBrowsers(world, rows),
  ];
}

async function readProgress({ broker, server }: World) {
  const { rows } = await server.postgres.query(
    `select (select count(*) from outbox) as owed,
            (select coalesce(json_object_agg(partition, next_offset), '{}') from positions
              where consumer = $1 and topic = $2 and topic_id = $3 and owner like '%of last.%') as positions,
            exists (select from leases where name = 'relay' and holder like 'last.%') as relays,
            (select count(*) from events where status = 'failed' and next_try_at is not null) as failed,
            (select count(*) from ai_tasks) as tasks`,
    [group, topics.raw, broker.topicId(topics.raw)],
  );
  return rows[0] as Record<'owed' | 'failed' | 'tasks', number> & {
    readonly relays: boolean;
    readonly positions: Record<string, number>;
  };
}

async function isDrained(world: World): Promise<boolean> {
  const { owed, failed, tasks, relays, positions } = await readProgress(world);
  const ends = world.broker.ranges(topics.raw);
  return (
    relays &&
    owed === 0 &&
    failed === 0 &&
    tasks === 0 &&
    ends.every(({ partition, end }) => positions[partition] === end)
  );
}

async function describeUnfinished(world: World): Promise<string> {
  const { owed, failed, tasks, positions } = await readProgress(world);
  const ranges = world.broker.ranges(topics.raw).map(({ start, end }) => `${start}-${end}`);
  return (
    `it does not work everything off once it is left in peace: ${owed} are owed, ${failed} wait for a try, ` +
    `${tasks} for the model, positions are ${JSON.stringify(positions)}, the log has ${ranges.join(', ')}`
  );
}
