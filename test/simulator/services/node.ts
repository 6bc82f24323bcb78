import type { Effects } from '../../../src/effects/effects.ts';
import { unmeasured } from '../../../src/effects/silent.fixture.ts';
import type { Logger } from '../../../src/effects/telemetry.ts';
import { startClassifier } from '../../../src/services/classifier/start-classifier.ts';
import { Feed } from '../../../src/services/gateway/feed/feed.ts';
import { ByteBudget } from '../../../src/services/ingress/byte-budget.ts';
import { createInstruments } from '../../../src/services/ingress/instruments.ts';
import { defaultLimits } from '../../../src/services/ingress/limits.ts';
import type { Reception } from '../../../src/services/ingress/receive-webhook.ts';
import { startRelay } from '../../../src/services/relay/start-relay.ts';
import type { Service } from '../../../src/services/service.ts';
import type { LogFaults } from '../broker/log-faults.ts';
import type { SimulatedBroker } from '../broker/simulated-broker.ts';
import { SimulatedLog } from '../broker/simulated-log.ts';
import type { DatabaseFaults } from '../database/simulated-connection.ts';
import { SimulatedDatabase } from '../database/simulated-database.ts';
import type { SimulatedServer } from '../database/simulated-server.ts';
import type { Random } from '../engine/random.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';
import { callLeaseMs } from '../invariants/watch-answers.ts';
import { SimulatedClassifier, type SimulatedModel } from './simulated-classifier.ts';
import { SimulatedRemoteClassifier, type SimulatedRemoteModel } from './simulated-remote-model.ts';
import { secret } from './webhook-request.ts';

export const group = 'dispatchai-classifier';

export type Role = 'ingress' | 'classifier' | 'relay' | 'gateway';

/** What a process finds around it. */
export interface Surroundings {
  readonly broker: SimulatedBroker;
  readonly server: SimulatedServer;
  readonly model: SimulatedModel;
  /** Null: the local answers are all there are. */
  readonly remote: SimulatedRemoteModel | null;
  readonly random: Random;
  readonly logger: Logger;
  readonly logFaults: LogFaults;
  readonly databaseFaults: DatabaseFaults;
}

/** One process of the program: the real services, with effects, log and database of their own. */
export class Node {
  readonly process: SimulatedProcess;
  readonly roles: readonly Role[];
  readonly log: SimulatedLog;
  readonly database: SimulatedDatabase;
  /** Ingress' core, without its sockets. */
  readonly reception: Reception | null;
  feed: Feed | null = null;
  readonly #effects: Effects;
  readonly #model: SimulatedModel;
  readonly #remote: SimulatedRemoteModel | null;
  readonly #services: Service[] = [];

  constructor(process: SimulatedProcess, roles: readonly Role[], around: Surroundings) {
    this.process = process;
    this.roles = roles;
    this.log = new SimulatedLog(process, around.broker, around.logFaults);
    this.database = new SimulatedDatabase(process, around.server, around.databaseFaults);
    const randomness = around.random.fork(process.name).asRandomness();
    this.#effects = { clock: process.clock, randomness, logger: around.logger, meter: unmeasured };
    this.#model = around.model;
    this.#remote = around.remote;
    this.reception = roles.includes('ingress')
      ? {
          log: this.log,
          effects: this.#effects,
          instruments: createInstruments(unmeasured),
          secrets: [secret],
          limits: defaultLimits,
          budget: new ByteBudget(defaultLimits.bytesInFlight),
        }
      : null;
  }

  /** Starts the services; rejects when one of them cannot start, which ends the process. */
  async start(): Promise<void> {
    const { log, database, roles } = this;
    const effects = this.#effects;
    if (roles.includes('relay')) {
      this.#services.push(await startRelay({ database, log, effects, group, holder: this.process.name }));
    }
    if (roles.includes('classifier')) {
      const classifier = new SimulatedClassifier(this.process, this.#model);
      const remote = this.#remote && new SimulatedRemoteClassifier(this.process, this.#remote);
      this.#services.push(
        await startClassifier({
          ...{ database, log, classifier, effects, group, onMismatch: 'rebuild' },
          ...(remote && { model: { classifier: remote, concurrency: 3, leaseMs: callLeaseMs } }),
        }),
      );
    }
    if (roles.includes('gateway')) {
      this.feed = new Feed({ database, log, effects, group, status: () => 'simulated' });
      this.feed.start();
    }
  }

  /** In order, as on SIGTERM. */
  async stop(): Promise<void> {
    await Promise.all([...this.#services.map((service) => service.stop()), this.feed?.stop()]);
  }
}
