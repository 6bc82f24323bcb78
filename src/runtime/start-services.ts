import { hostname } from 'node:os';
import type { Classifier } from '../classification/classifier.ts';
import type { Health } from '../contracts/health.ts';
import type { Database } from '../database/database.ts';
import type { EventLog } from '../log/event-log.ts';
import { obeySharedLedger } from '../operations/obey-shared-ledger.ts';
import { ensureWebhookSecret } from '../operations/webhook-secret.ts';
import { startClassifier } from '../services/classifier/start-classifier.ts';
import { startGateway } from '../services/gateway/start-gateway.ts';
import { startIngress } from '../services/ingress/start-ingress.ts';
import { startRelay } from '../services/relay/start-relay.ts';
import { startScheduler } from '../services/scheduler/start-scheduler.ts';
import type { Service } from '../services/service.ts';
import { askOperator } from './ask-operator.ts';
import { sharedLedgerNames } from './branch.ts';
import { named, type OpenStores, openLogUnder } from './compose.ts';
import { isEmbedded } from './config.ts';
import { describeSetup } from './describe-setup.ts';
import type { RuntimeEffects } from './effects.ts';
import { classifierGroup } from './groups.ts';
import { pageDirectory } from './page-directory.ts';
import { type HandOver, urlOf } from './ports.ts';
import { Refusal } from './refusal.ts';
import type { ServiceName } from './service-names.ts';

export interface StartServices extends OpenStores {
  readonly log: EventLog;
  /** Null when only ingress is started. */
  readonly database: Database | null;
  readonly effects: RuntimeEffects;
  readonly services: readonly ServiceName[];
  /** Null when no classifier is started. */
  readonly classifier: Classifier | null;
  readonly handOver: HandOver;
}

export interface StartedServices {
  readonly pageUrl: string | null;
  readonly ingressUrl: string | null;
  /** The secret that was not configured but made here. */
  readonly generatedSecret: string | null;
}

/** Starts the services against the stream, so that what arrives finds everything behind it at work. */
export async function startServices(options: StartServices): Promise<StartedServices> {
  const { effects, supervisor, services, handOver } = options;
  const generatedSecret = services.includes('ingress') ? await secretFor(options) : null;
  const context: Context = {
    ...options,
    generatedSecret,
    holder: `${hostname()}, process ${process.pid}`,
    health: () => supervisor.health(),
    metrics: () => effects.meter.text(),
  };
  const urls: Partial<Record<ServiceName, string>> = {};
  for (const name of services.toReversed()) {
    await handOver(name);
    const start = () => starters[name](context, named(effects, name));
    const service: Service & { readonly url?: string } = await supervisor.start(name, start);
    if (service.url) urls[name] = service.url;
  }
  return { pageUrl: urls.gateway ?? null, ingressUrl: urls.ingress ?? null, generatedSecret };
}

interface Context extends StartServices {
  readonly generatedSecret: string | null;
  /** Who holds a lease, for people. */
  readonly holder: string;
  readonly health: () => Health;
  readonly metrics: () => Promise<string>;
}

type Starter = (context: Context, effects: RuntimeEffects) => Promise<Service>;

const starters: Readonly<Record<ServiceName, Starter>> = {
  ingress: ({ config, log, generatedSecret, health, metrics }, effects) => {
    const secrets = generatedSecret === null ? config.webhookSecrets : [generatedSecret];
    return startIngress({ log, effects, ...config.ingress, secrets, health, metrics });
  },
  classifier: async (context, effects) => {
    const { config, log, classifier } = context;
    const database = databaseOf(context);
    if (classifier === null) throw new Error('the classifier service needs a classifier');
    const group = classifierGroup(config);
    const ask = askOperator(process.stdin, process.stderr);
    const onMismatch = config.onMismatch === 'ask' && ask === null ? 'adopt' : config.onMismatch;
    const mismatch = ask === null ? { onMismatch } : { onMismatch, ask };
    const options = { database, log, classifier, effects, group, begin: config.begin, ...mismatch };
    if (!config.branch) return await startClassifier(options);
    const sharedLog = await openLogUnder(context, sharedLedgerNames(config.groupId));
    const beforeClaim = () => obeySharedLedger({ database, sharedLog, ...effects });
    return await startClassifier({ ...options, beforeClaim });
  },
  relay: (context, effects) => {
    const { config, log, holder } = context;
    const group = classifierGroup(config);
    return startRelay({ database: databaseOf(context), log, effects, group, holder });
  },
  gateway: (context, effects) => {
    const { config, log, classifier, generatedSecret, health, metrics } = context;
    const database = databaseOf(context);
    const setup = () =>
      describeSetup({
        config,
        queries: database.queries,
        ingressUrl: urlOf(config.ingress),
        generatedSecret,
        classifier: classifier ? `${classifier.name}@${classifier.version}` : 'local',
      });
    const group = classifierGroup(config);
    const served = { token: config.token, pageDirectory: pageDirectory(), group, health, metrics, setup };
    return startGateway({ database, log, effects, ...config.gateway, ...served });
  },
  scheduler: (context, effects) => {
    const { config, log, holder } = context;
    const group = classifierGroup(config);
    return startScheduler({ database: databaseOf(context), log, effects, holder, group });
  },
};

function databaseOf({ database, services }: Context): Database {
  if (database === null) throw new Error(`${services.join(', ')} cannot be started without a database`);
  return database;
}

/** Null when one is configured. @throws Refusal where several processes would each make their own */
async function secretFor({ config, services, effects }: StartServices): Promise<string | null> {
  if (config.webhookSecrets.length > 0) return null;
  if (!isEmbedded(config) && services.length === 1) {
    throw new Refusal(
      'GITHUB_WEBHOOK_SECRET: has to be set where ingress runs alone, since all of them have to accept the same',
      2,
    );
  }
  const { randomness } = effects;
  return (await ensureWebhookSecret({ dataDir: config.dataDirectory, randomness })).secret;
}
