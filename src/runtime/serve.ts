import { openClassifier, openStores } from './compose.ts';
import type { Config } from './config.ts';
import { connectToServer } from './control-client.ts';
import { openControlSocket } from './control-server.ts';
import { dataPaths } from './data-paths.ts';
import type { RuntimeEffects } from './effects.ts';
import { listenForEnd } from './end-of-process.ts';
import { isFirstRun, sendFirstSamples } from './first-run.ts';
import { classifierGroup } from './groups.ts';
import { localInstallation, type Status } from './installation.ts';
import { openBrowser } from './open-browser.ts';
import { collectAtRest } from './rest.ts';
import type { ServiceName } from './service-names.ts';
import type { StartedServices } from './start-services.ts';
import { Supervisor } from './supervisor.ts';
import { readVersion } from './version.ts';

const stopWithinMs = 5_000;

export interface Serve {
  readonly config: Config;
  readonly warnings: readonly string[];
  readonly effects: RuntimeEffects;
  readonly services: readonly ServiceName[];
  readonly browser: boolean;
}

export type Served =
  /** It was asked to end and has ended. */
  | { readonly kind: 'ended'; readonly exitCode: 0 | 1 }
  /** A server holds the data directory and answers: nothing was started. */
  | { readonly kind: 'already-running'; readonly status: Status };

/** Runs services in this process until it is asked to end. */
export async function serve({ config, warnings, effects, services, browser }: Serve): Promise<Served> {
  const { socket } = dataPaths(config.dataDirectory);
  const running = await connectToServer(socket);
  // One that is stopping is waited for, by the lock.
  if (running && running.status.health.status !== 'stopping') {
    return { kind: 'already-running', status: running.status };
  }

  const { logger, clock } = effects;
  const end = listenForEnd(clock);
  for (const warning of warnings) logger.warn({}, warning);
  const supervisor = new Supervisor(effects, services);
  const stop = async () => {
    logger.info({ reason: String(end.asked.reason ?? 'a start that failed') }, 'stopping');
    const forced = new Promise<'forced'>((resolve) => {
      end.insisted.addEventListener('abort', () => resolve('forced'), { once: true });
    });
    return await Promise.race([supervisor.stop(stopWithinMs), forced]);
  };

  try {
    const [stores, classifier, { startServices }] = await Promise.all([
      openStores(config, effects, supervisor),
      services.includes('classifier') ? openClassifier(effects, supervisor) : null,
      // Loading the services takes this thread as long as opening the database takes another one.
      import('./start-services.ts'),
    ]);
    const first = services.includes('ingress') && (await isFirstRun(config, stores.log));
    const started = await startServices({
      ...stores,
      config,
      effects,
      supervisor,
      services,
      classifier,
      probes: true,
    });
    const status = describe(config, supervisor, started, new Date(clock.now()));
    const installation = localInstallation({ ...stores, clock, group: classifierGroup(config), status });
    await supervisor.open(
      'control socket',
      () => openControlSocket(socket, installation, logger),
      (opened) => opened.close(),
    );
    supervisor.started();
    void collectAtRest(clock, end.asked);
    if ((await supervisor.ready(end.asked)) === 'ready') {
      announce(effects, started, browser);
      const { generatedSecret, ingressUrl } = started;
      if (first && generatedSecret !== null && ingressUrl !== null) {
        await sendFirstSamples(effects, { url: ingressUrl, secret: generatedSecret }, end.asked);
      }
    }
    if (!end.asked.aborted) {
      await new Promise((resolve) => end.asked.addEventListener('abort', resolve, { once: true }));
    }
  } catch (error) {
    await supervisor.stop(stopWithinMs);
    throw error;
  }
  const stopped = await stop();
  logger.info({}, stopped === 'released' ? 'stopped' : 'ended without waiting; nothing accepted is lost');
  return { kind: 'ended', exitCode: stopped === 'released' ? 0 : 1 };
}

function describe(config: Config, supervisor: Supervisor, started: StartedServices, at: Date): () => Status {
  return () => ({
    version: readVersion(),
    pid: process.pid,
    startedAt: at.toISOString(),
    dataDirectory: config.dataDirectory,
    pageUrl: started.pageUrl,
    ingressUrl: started.ingressUrl,
    health: supervisor.health(),
  });
}

function announce(
  { logger }: RuntimeEffects,
  { pageUrl, ingressUrl }: StartedServices,
  browser: boolean,
): void {
  const parts = [
    ...(pageUrl ? [`the page is at ${pageUrl}`] : []),
    ...(ingressUrl ? [`webhooks go to ${ingressUrl}/webhook/github`] : []),
  ];
  logger.info({}, `ready: ${parts.join(', ') || 'at work'}`);
  if (browser && pageUrl) openBrowser(pageUrl, logger);
}
