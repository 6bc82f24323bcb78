import type { Logger } from '../../src/effects/telemetry.ts';
import type { LogFaults } from './broker/log-faults.ts';
import { SimulatedBroker } from './broker/simulated-broker.ts';
import type { DatabaseFaults } from './database/simulated-connection.ts';
import type { SimulatedPostgres } from './database/simulated-postgres.ts';
import { SimulatedServer } from './database/simulated-server.ts';
import { Random } from './engine/random.ts';
import { Scheduler } from './engine/scheduler.ts';
import { SimulatedProcess } from './engine/simulated-process.ts';
import { Trace } from './engine/trace.ts';
import { type FaultName, faults } from './faults/faults.ts';
import { AnswerWatch } from './invariants/watch-answers.ts';
import { HolderWatch } from './invariants/watch-holders.ts';
import { group, Node, type Role } from './services/node.ts';
import { SimulatedBrowser } from './services/simulated-browser.ts';
import { SimulatedModel } from './services/simulated-classifier.ts';
import { SimulatedRemoteModel } from './services/simulated-remote-model.ts';
import { Journal } from './workload/journal.ts';

/** Milliseconds since 1970 at the beginning of each run. */
export const epoch = Date.UTC(2026, 2, 1, 12);
/** Kafka's `session.timeout.ms` as the program sets it: a member that is silent this long is given up. */
const sessionMs = 6_000;

/** A place where a process runs, and is started again when it has ended. */
export interface Slot {
  readonly name: string;
  readonly roles: readonly Role[];
  node: Node | null;
  starts: number;
}

/** Everything of one run: stores, processes, the hand that lets them go on, and what is known of what they did. */
export class World {
  readonly random: Random;
  readonly trace = new Trace();
  readonly scheduler: Scheduler;
  readonly broker: SimulatedBroker;
  readonly server: SimulatedServer;
  readonly model = new SimulatedModel();
  readonly journal = new Journal();
  readonly answers: AnswerWatch;
  /** The language model, in runs that have one. */
  readonly remote: SimulatedRemoteModel | null;
  slots: readonly Slot[] = [];
  readonly browsers: SimulatedBrowser[] = [];
  readonly #probabilities: ReadonlyMap<FaultName, number>;
  /** True once no fault happens any more. */
  #calm = false;

  constructor(
    seed: string,
    postgres: SimulatedPostgres,
    probabilities: ReadonlyMap<FaultName, number>,
    hasRemoteModel: boolean,
  ) {
    this.random = new Random(seed);
    this.scheduler = new Scheduler(this.random.fork('scheduler'), this.trace);
    this.broker = new SimulatedBroker(() => this.now);
    this.server = new SimulatedServer(postgres, this.scheduler);
    this.#probabilities = probabilities;
    this.model.fails = () => this.happens('model fails');
    this.server.losesNotification = () => this.happens('notification lost');
    this.answers = new AnswerWatch({
      journal: this.journal,
      time: () => this.scheduler.time,
      storedKeys: async () => {
        const { rows } = await postgres.query('select cache_key from ai_answers order by 1');
        return rows.map(({ cache_key }) => String(cache_key));
      },
    });
    this.server.witnesses.push(new HolderWatch(postgres, this.journal));
    if (hasRemoteModel) this.server.witnesses.push(this.answers);
    this.remote = hasRemoteModel
      ? new SimulatedRemoteModel({
          random: this.random.fork('remote model'),
          // It fails more often than anything else does.
          fails: () => this.happens('model fails', 4),
          called: (process, cacheKey) => this.answers.called(process, cacheKey),
        })
      : null;
  }

  get now(): number {
    return epoch + this.scheduler.time;
  }

  /** Whether the run has this fault of calls. */
  has(fault: FaultName): boolean {
    return this.#probabilities.has(fault);
  }

  /** Whether a fault of a call happens to this one; where it is so many times as likely as elsewhere. */
  happens(fault: FaultName, times = 1): boolean {
    const probability = this.#calm ? 0 : (this.#probabilities.get(fault) ?? 0) * times;
    return probability > 0 && this.random.chance(probability);
  }

  /** No fault happens from here on. */
  calm(): void {
    this.#calm = true;
    this.broker.away = false;
    this.server.away = false;
  }

  open(slots: readonly { readonly name: string; readonly roles: readonly Role[] }[]): void {
    this.slots = slots.map((slot) => ({ ...slot, node: null, starts: 0 }));
    for (const slot of this.slots) this.start(slot);
  }

  /** Opens the page in a browser. */
  browse(): void {
    const browser = new SimulatedBrowser(this);
    this.browsers.push(browser);
    browser.connect();
  }

  /** Kills every process, and lets one go on alone, for good. */
  replaceAll(slot: { readonly name: string; readonly roles: readonly Role[] }): void {
    for (const { node } of this.slots) {
      node?.process.kill();
      if (node) this.expel(node, 1_000, () => true);
    }
    this.open([slot]);
  }

  /** The nodes that are not dead and have the role. */
  nodes(role: Role): readonly Node[] {
    return this.slots.flatMap(({ node }) => (node?.roles.includes(role) ? [node] : []));
  }

  start(slot: Slot): void {
    slot.starts += 1;
    const process = new SimulatedProcess(`${slot.name}.${slot.starts}`, this.scheduler, this.random, epoch);
    const node = new Node(process, slot.roles, {
      broker: this.broker,
      server: this.server,
      model: this.model,
      remote: this.remote,
      random: this.random,
      logger: this.#loggerOf(process.name),
      logFaults: this.#logFaults,
      databaseFaults: this.#databaseFaults,
    });
    slot.node = node;
    node.start().catch((error: unknown) => {
      this.trace.note(
        `${process.name} cannot start: ${error instanceof Error ? error.message : String(error)}`,
      );
      if (slot.node === node) this.crash(slot, 1_000);
    });
  }

  /** Kills the slot's process and starts another after a while. */
  crash(slot: Slot, pauseMs: number): void {
    const { node } = slot;
    if (!node) return;
    slot.node = null;
    node.process.kill();
    this.expel(node, sessionMs, () => true);
    this.scheduler.add({
      owner: slot.name,
      name: 'is started again',
      due: this.scheduler.time + pauseMs,
      run: () => {
        if (slot.node || !this.slots.includes(slot)) return 'not needed';
        this.start(slot);
        return undefined;
      },
    });
  }

  /** The group gives a member up once it has been silent long enough. */
  expel(node: Node, afterMs: number, still: () => boolean): void {
    this.scheduler.add({
      owner: 'broker',
      name: `gives ${node.process.name} up`,
      due: this.scheduler.time + afterMs,
      run: () => {
        if (!still()) return 'not so';
        // Also members whose joining was under way when their process died.
        const members = this.group.members.filter((name) => name.startsWith(node.log.memberPrefix));
        for (const member of members) this.group.leave(member);
        return undefined;
      },
    });
  }

  /** What the program says is part of the trace. */
  #loggerOf(name: string): Logger {
    const say = (context: object, message: string) => {
      const reason = Object.values(context).find((value) => value instanceof Error);
      this.trace.note(
        `${this.scheduler.time} ${name} says: ${message}${reason ? ` (${reason.message})` : ''}`,
      );
    };
    const logger: Logger = { debug: () => undefined, info: say, warn: say, error: say, child: () => logger };
    return logger;
  }

  get group() {
    return this.broker.group(group);
  }

  readonly #databaseFaults: DatabaseFaults = (statement) => {
    if (statement === 'commit') {
      if (this.happens('commit fails before')) return 'before';
      return this.happens('commit answer lost') ? 'after' : null;
    }
    if (this.happens('statement fails before')) return 'before';
    return this.happens('statement fails after') ? 'after' : null;
  };

  readonly #logFaults: LogFaults = {
    append: () => {
      if (this.happens('append refused')) return 'refused';
      if (this.happens('append unacknowledged')) return 'unacknowledged';
      if (this.happens('append partial')) return 'partial';
      return this.happens('append twice') ? 'twice' : null;
    },
    lateness: () => (this.happens('append late') ? this.random.between(500, 16_000) : 0),
    hearing: () => (this.happens('loss heard late') ? this.random.between(500, 5_000) : 0),
    read: () => this.happens('log read fails'),
    batch: () => 1 + this.random.below(12),
  };
}

const losesLog: readonly FaultName[] = [
  'retention passes',
  'raw topic recreated',
  'raw log put back',
  'own topic recreated',
];

/** Draws which faults a run has: for calls a probability each, for the world how many. */
export function drawFaults(
  random: Random,
  without: ReadonlySet<FaultName>,
  always: readonly FaultName[],
): { readonly calls: ReadonlyMap<FaultName, number>; readonly world: ReadonlyMap<FaultName, number> } {
  const calls = new Map<FaultName, number>();
  const world = new Map<FaultName, number>();
  for (const [name, fault] of Object.entries(faults) as [FaultName, (typeof faults)[FaultName]][]) {
    const draws = random.fork(name);
    const drawn = draws.chance(fault.chance) || always.includes(name);
    if (!drawn || !fault.enabled || without.has(name)) continue;
    const share = draws.fraction();
    if (fault.at === 'call') calls.set(name, fault.most * (always.includes(name) ? 1 : share));
    else world.set(name, draws.between(1, fault.most));
  }
  // The log can give back what a lost database had only while the log itself has it.
  const losesDatabase = world.has('database put back') || world.has('database dropped');
  for (const fault of losesLog) if (losesDatabase) world.delete(fault);
  return { calls, world };
}
