import type { Classifier } from '../classification/classifier.ts';
import { ensureWebhookSecret } from '../operations/webhook-secret.ts';
import { startClassifier } from '../services/classifier/start-classifier.ts';
import { startGateway } from '../services/gateway/start-gateway.ts';
import { startIngress } from '../services/ingress/start-ingress.ts';
import { openProbe } from '../services/probe.ts';
import { startRelay } from '../services/relay/start-relay.ts';
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
  readonly classifier: Classifier | null;
  /** Whether services that serve nothing open a port for health and metrics. */
  readonly probes: boolean;
}

export interface StartedServices {
  readonly pageUrl: string | null;
  readonly ingressUrl: string | null;
  /** The secret that ingress accepts and that was not configured but made here. */
  readonly generatedSecret: string | null;
}

/** Starts the services, against the stream, so that what arrives finds everything behind it at work. */
export async function startServices(options: StartServices): Promise<StartedServices> {
  const { config, effects, supervisor, services, database, log, classifier } = options;
  const { dataDirectory, webhookSecrets } = config;
  const group = classifierGroup(config);
  const health = () => supervisor.health();
  const metrics = () => effects.meter.text();
  const probe = (port: number, variable: string) =>
    supervisor.open(
      'probe',
      () => openProbe({ host: config.gateway.host, port, variable, health, metrics }),
      (opened) => opened.close(),
    );
  const generatedSecret =
    webhookSecrets.length > 0
      ? null
      : (await ensureWebhookSecret({ dataDir: dataDirectory, randomness: effects.randomness })).secret;
  const ingressUrl = urlOf(config.ingress);
  let pageUrl: string | null = null;

  for (const service of services.toReversed()) {
    const own = named(effects, service);
    if (service === 'gateway') {
      const describe = () =>
        describeSetup({
          config,
          queries: database.queries,
          ingressUrl,
          generatedSecret,
          classifier: classifier ? `${classifier.name}@${classifier.version}` : 'local',
        });
      const context = { database, log, effects: own, group, health, metrics, setup: describe };
      const { token } = config;
      const gateway = await supervisor.start('gateway', () =>
        startGateway({ ...context, ...config.gateway, token, pageDirectory: pageDirectory() }),
      );
      pageUrl = gateway.url;
    }
    if (service === 'relay') {
      if (options.probes && services.length === 1) await probe(config.relayPort, 'RELAY_PORT');
      await supervisor.start('relay', () =>
        startRelay({ database, log, effects: own, holder: `process ${process.pid}` }),
      );
    }
    if (service === 'classifier' && classifier !== null) {
      if (options.probes) await probe(config.classifierPort, 'CLASSIFIER_PORT');
      await supervisor.start('classifier', () =>
        startClassifier({ database, log, classifier, effects: own, group }),
      );
    }
    if (service === 'ingress') {
      const secrets = generatedSecret === null ? webhookSecrets : [generatedSecret];
      await supervisor.start('ingress', () =>
        startIngress({ log, effects: own, ...config.ingress, secrets, health, metrics }),
      );
    }
  }
  return { pageUrl, ingressUrl: services.includes('ingress') ? ingressUrl : null, generatedSecret };
}

const urlOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
