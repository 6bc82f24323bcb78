import type { Classifier } from '../classification/classifier.ts';
import type { Health } from '../contracts/health.ts';
import { ensureWebhookSecret } from '../operations/webhook-secret.ts';
import { startClassifier } from '../services/classifier/start-classifier.ts';
import { startGateway } from '../services/gateway/start-gateway.ts';
import { startIngress } from '../services/ingress/start-ingress.ts';
import { openProbe } from '../services/probe.ts';
import { startRelay } from '../services/relay/start-relay.ts';
import type { Service } from '../services/service.ts';
import { named, type Stores } from './compose.ts';
import type { Config } from './config.ts';
import { describeSetup } from './describe-setup.ts';
import type { RuntimeEffects } from './effects.ts';
import { classifierGroup } from './groups.ts';
import { pageDirectory } from './page-directory.ts';
import type { ServiceName } from './service-names.ts';
import type { Supervisor } from './supervisor.ts';

export interface StartServices extends Stores {
  readonly config: Config;
  readonly effects: RuntimeEffects;
  readonly supervisor: Supervisor;
  readonly services: readonly ServiceName[];
  /** Null when no classifier is started. */
  readonly classifier: Classifier | null;
  /** Whether services that serve nothing open a port for health and metrics. */
  readonly probes: boolean;
}

export interface StartedServices {
  readonly pageUrl: string | null;
  readonly ingressUrl: string | null;
  /** The secret that was not configured but made here. */
  readonly generatedSecret: string | null;
}

/** Starts the services against the stream, so that what arrives finds everything behind it at work. */
export async function startServices(options: StartServices): Promise<StartedServices> {
  const { config, effects, supervisor, services } = options;
  const generatedSecret = await secretFor(config, effects);
  const context: Context = {
    ...options,
    generatedSecret,
    health: () => supervisor.health(),
    metrics: () => effects.meter.text(),
  };
  const urls: Partial<Record<ServiceName, string>> = {};
  for (const name of services.toReversed()) {
    const service: Service & { readonly url?: string } = await starters[name](context, named(effects, name));
    if (service.url) urls[name] = service.url;
  }
  return { pageUrl: urls.gateway ?? null, ingressUrl: urls.ingress ?? null, generatedSecret };
}

interface Context extends StartServices {
  readonly generatedSecret: string | null;
  readonly health: () => Health;
  readonly metrics: () => Promise<string>;
}

type Starter = (context: Context, effects: RuntimeEffects) => Promise<Service>;

const starters: Readonly<Record<ServiceName, Starter>> = {
  ingress: ({ config, log, supervisor, generatedSecret, health, metrics }, effects) => {
    const secrets = generatedSecret === null ? config.webhookSecrets : [generatedSecret];
    return supervisor.start('ingress', () =>
      startIngress({ log, effects, ...config.ingress, secrets, health, metrics }),
    );
  },
  classifier: async (context, effects) => {
    const { config, log, database, classifier, supervisor } = context;
    if (classifier === null) throw new Error('the classifier service needs a classifier');
    if (context.probes) await probe(context, config.classifierPort, 'CLASSIFIER_PORT');
    const group = classifierGroup(config);
    return await supervisor.start('classifier', () =>
      startClassifier({ database, log, classifier, effects, group }),
    );
  },
  relay: async (context, effects) => {
    const { config, log, database, supervisor, services } = context;
    // Together with others their ports answer for it.
    if (context.probes && services.length === 1) await probe(context, config.relayPort, 'RELAY_PORT');
    const holder = `process ${process.pid}`;
    return await supervisor.start('relay', () => startRelay({ database, log, effects, holder }));
  },
  gateway: (context, effects) => {
    const { config, log, database, classifier, supervisor, generatedSecret, health, metrics } = context;
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
    return supervisor.start('gateway', () =>
      startGateway({ database, log, effects, ...config.gateway, ...served }),
    );
  },
};

async function secretFor(config: Config, { randomness }: RuntimeEffects): Promise<string | null> {
  if (config.webhookSecrets.length > 0) return null;
  return (await ensureWebhookSecret({ dataDir: config.dataDirectory, randomness })).secret;
}

function probe({ config, supervisor, health, metrics }: Context, port: number, variable: string) {
  const address = { host: config.gateway.host, port, variable };
  return supervisor.open(
    'probe',
    () => openProbe({ ...address, health, metrics }),
    (opened) => opened.close(),
  );
}

const urlOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
