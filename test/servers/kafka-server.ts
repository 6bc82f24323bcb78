import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { entrust } from './end-with-this-process.ts';
import { freePort } from './free-port.ts';
import { type KafkaInstallation, obtainKafka } from './obtain-kafka.ts';
import { runProgram } from './run-program.ts';
import { ServerProcess } from './server-process.ts';

/** An Apache Kafka of its own: one broker, empty, on loopback. */
export class KafkaServer {
  readonly bootstrapServers: string;
  readonly #directory: string;
  readonly #process: ServerProcess;

  private constructor(bootstrapServers: string, directory: string, process: ServerProcess) {
    this.bootstrapServers = bootstrapServers;
    this.#directory = directory;
    this.#process = process;
  }

  /** A new, empty broker; resolves once it takes clients. */
  static async start(options: { readonly port?: number } = {}): Promise<KafkaServer> {
    const { classPath } = await installation();
    const port = options.port ?? (await freePort());
    const directory = await mkdtemp(join(tmpdir(), 'dispatchai-kafka-'));
    entrust({ directory });
    const settings = join(directory, 'server.properties');
    await writeFile(settings, brokerSettings({ directory, port, controllerPort: await freePort() }));
    const java = ['-Xmx512m', '-XX:+UseSerialGC', '-cp', classPath];
    const format = [
      'kafka.tools.StorageTool',
      'format',
      '--cluster-id',
      newClusterId(),
      '--config',
      settings,
    ];
    await runProgram('java', [...java, ...format]);
    const bootstrapServers = `127.0.0.1:${port}`;
    const server = new KafkaServer(
      bootstrapServers,
      directory,
      new ServerProcess({
        command: 'java',
        args: [...java, 'kafka.Kafka', settings],
        stopSignal: 'SIGTERM',
        ready: () => takesClients(bootstrapServers),
      }),
    );
    await server.#process.start();
    return server;
  }

  /** SIGKILL, in the middle of whatever it does; resolves once it is gone. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /** Starts it again after `kill` or `stop`, with its data and on its port. */
  async restart(): Promise<void> {
    await this.#process.start();
  }

  /** Ends it, if it still runs, and removes its data. */
  async remove(): Promise<void> {
    await this.#process.kill();
    await rm(this.#directory, { recursive: true, force: true });
    entrust({ directory: this.#directory, ended: true });
  }
}

/** 128 random bits in Kafka's alphabet; its own never begin with a dash, which its tools take for an option. */
const newClusterId = (): string => randomBytes(16).toString('base64url').replace(/^-/, 'A');

async function installation(): Promise<KafkaInstallation> {
  const supply = await obtainKafka();
  if (supply.kind === 'local') return supply.installation;
  throw new Error(supply.kind);
}

function brokerSettings(at: {
  readonly directory: string;
  readonly port: number;
  readonly controllerPort: number;
}): string {
  const listener = `PLAINTEXT://127.0.0.1:${at.port}`;
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${at.controllerPort}`,
    listeners: `${listener},CONTROLLER://127.0.0.1:${at.controllerPort}`,
    'advertised.listeners': listener,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(at.directory, 'data'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    // After a kill a broker is let in again once its former session has expired: 9 s by default.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function takesClients(bootstrapServers: string): Promise<boolean> {
  const admin = new Admin({
    clientId: 'ready',
    bootstrapBrokers: [bootstrapServers],
    retries: 0,
    connectTimeout: 1000,
  });
  try {
    const { brokers } = await admin.metadata({ topics: [] });
    return brokers.size > 0;
  } finally {
    await admin.close();
  }
}
