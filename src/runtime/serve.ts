import { openClassifier, openLog, openStores } from './compose.ts';
import { type Config, isEmbedded } from './config.ts';
import { connectToServer } from './control-client.ts';
import { openControlSocket } from './control-server.ts';
import { dataPaths } from './data-paths.ts';
import type { RuntimeEffects } from './effects.ts';
import { type EndRequests, listenForEnd } from './end-of-process.ts';
import { isFirstRun, sendFirstSamples } from './first-run.ts';
import { classifierGroup } from './groups.ts';
import { type Installation, localInstallation, type Status } from './installation.ts';
import { makeDirectory } from './make-directory.ts';
import { openBrowser } from './open-browser.ts';
import { openPorts } from './ports.ts';
import { EndedWhileWaitingError } from './reach.ts';
import { collectAtRest } from './rest.ts';
import type { ServiceName } from './service-names.ts';
import type { StartedServices } from './start-services.ts';
import { Supervisor } from './supervisor.ts';
import { readVersion } from './version.ts';

/** An orchestrator waits longer than a person at a terminal, and there is more under way. */
const stopWithinMs = { up: 5_000, start: 10_000 } as const;

export interface Serve {
  readonly config: Config;
  readonly warnings: readonly string[];
  readonly effects: RuntimeEffects;
  readonly services: readonly ServiceName[];
  /** `up` is the installation of its data directory; `start` one process among others. */
  readonly as: 'up' | 'start';
  readonly browser: boolean;
}

export type Served =
  /** It was asked to end and has ended. */
  | { readonly kind: 'ended'; readonly exitCode: 0 | 1 }
  /** A server holds the data directory and answers: nothing was started. */
  | { readonly kind: 'already-running'; readonly status: Status };

/** Runs services in this process until it is asked to end. */
export async function serve(options: Serve): Promise<Served> {
  const { config, warnings, effects, services, as } = options;
  if (ownsDirectory(options)) {
    const running = await connectToServer(dataPaths(config).socket);
    // One that is stopping is waited for, by the lock.
    if (running && running.status.health.status !== 'stopping') {
      return { kind: 'already-running', status: running.status };
    }
  }
  const { logger, clock } = effects;
  const end = listenForEnd(clock);
  for (const warning of warnings) logger.warn({}, warning);
  const supervisor = new Supervisor(effects, services);
  const forced = new Promise<'forced'>((resolve) => {
    end.insisted.addEventListener('abort', () => resolve('forced'), { once: true });
  });
  try {
    // Also a start that hangs can be ended.
    await Promise.race([run(options, supervisor, end), forced]);
  } catch (error) {
    if (!(error instanceof EndedWhileWaitingError)) {
      await supervisor.stop(stopWithinMs[as]);
      throw error;
    }
  }
  logger.info({ reason: String(end.asked.reason ?? 'a start that failed') }, 'stopping');
  const stopped = await Promise.race([supervisor.stop(stopWithinMs[as]), forced]);
  logger.info({}, stopped === 'released' ? 'stopped' : 'ended without waiting; nothing accepted is lost');
  return { kind: 'ended', exitCode: stopped === 'released' ? 0 : 1 };
}

/** Resolves when the process is asked to end. */
async function run(options: Serve, supervisor: Supervisor, end: EndRequests): Promise<void> {
  const { config, effects, services, as, browser } = options;
  const { logger, clock } = effects;
  const handOver = await openPorts({ config, effects, supervisor, services });
  const patience = {
    kind: 'endless',
    signal: end.asked,
    waiting: (store: string, reason: string | null) => supervisor.waitsFor(store, reason),
  } as const;
  const open = { config, effects, supervisor, patience, role: as === 'up' ? 'up' : services.join(' ') };
  const opening = [
    // Ingress takes webhooks whether there is a database or not.
    needsDatabase(options) ? openStores(open) : openLog(open).then((log) => ({ log, database: null })),
    services.includes('classifier') ? openClassifier(effects, supervisor) : null,
    // Loading the services takes this thread as long as opening the database takes another one.
    import('./start-services.ts'),
  ] as const;
  await Promise.allSettled(opening);
  const [stores, classifier, { startServices }] = await Promise.all(opening);
  const first = services.includes('ingress') && (await isFirstRun(config, stores.log));
  const started = await startServices({ ...open, ...stores, effects, services, classifier, handOver });
  if (ownsDirectory(options) && stores.database !== null) {
    const status = describe(config, supervisor, started, new Date(clock.now()));
    const group = classifierGroup(config);
    const { log, database } = stores;
    const installation = localInstallation({ log, database, clock, group, status });
    await openSocket(options, supervisor, installation);
  }
  supervisor.started();
  void collectAtRest(clock, end.asked);
  if ((await supervisor.ready(end.asked)) === 'ready') {
    announce(options, started);
    if (browser && started.pageUrl) openBrowser(started.pageUrl, logger);
    const { generatedSecret, ingressUrl } = started;
    if (first && generatedSecret !== null && ingressUrl !== null) {
      await sendFirstSamples(effects, { url: ingressUrl, secret: generatedSecret }, end.asked);
    }
  }
  if (!end.asked.aborted) {
    await new Promise((resolve) => end.asked.addEventListener('abort', resolve, { once: true }));
  }
}

async function openSocket(
  { config, effects }: Serve,
  supervisor: Supervisor,
  installation: Installation,
): Promise<void> {
  const { logger } = effects;
  const open = async () => {
    await makeDirectory(config.dataDirectory);
    return await openControlSocket(dataPaths(config).socket, installation, logger);
  };
  await supervisor
    .open('control socket', open, (opened) => opened.close())
    .catch((error: NodeJS.ErrnoException) => {
      if (isEmbedded(config)) throw error;
      // Where nothing else is kept in it, a directory that cannot be written stops nobody.
      const directory = config.dataDirectory;
      logger.warn(
        { directory, code: error.code },
        'no control socket; `dispatchai status` asks the ports instead',
      );
    });
}

const needsDatabase = (options: Serve): boolean =>
  ownsDirectory(options) || options.services.some((name) => name !== 'ingress');

/** Whether this process is the one of its data directory, which the command line finds there. */
const ownsDirectory = ({ config, as }: Serve): boolean => as === 'up' || isEmbedded(config);

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

function announce({ effects, services }: Serve, { pageUrl, ingressUrl }: StartedServices): void {
  const parts = [
    ...(pageUrl ? [`the page is at ${pageUrl}`] : []),
    ...(ingressUrl ? [`webhooks go to ${ingressUrl}/webhook/github`] : []),
  ];
  effects.logger.info({}, `ready: ${parts.join(', ') || `${services.join(', ')} at work`}`);
}
