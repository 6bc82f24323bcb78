import { Admin } from '@platformatic/kafka';
import { freePort } from './free-port.ts';
import { type KafkaSettings, runKafkaHere, runKafkaInDocker } from './kafka-run.ts';
import { obtainKafka } from './obtain-kafka.ts';
import { Server, type ServerRun } from './server.ts';

/** An Apache Kafka of its own: one broker, empty, on loopback. */
export class KafkaServer extends Server {
  readonly bootstrapServers: string;

  private constructor(port: number, run: ServerRun) {
    super(run);
    this.bootstrapServers = `127.0.0.1:${port}`;
  }

  /** A new, empty broker; resolves once it takes clients. */
  static async start(
    options: { readonly port?: number; readonly settings?: KafkaSettings } = {},
  ): Promise<KafkaServer> {
    const supply = await obtainKafka();
    if (supply.kind === 'missing') throw new Error(supply.advice);
    const { settings = {} } = options;
    const port = options.port ?? (await freePort());
    const run =
      supply.kind === 'local'
        ? await runKafkaHere(supply.installation, port, settings)
        : runKafkaInDocker(supply.image, port, settings);
    const server = new KafkaServer(port, run);
    await server.restart();
    return server;
  }

  protected override async takesClients(): Promise<boolean> {
    const admin = new Admin({
      clientId: 'ready',
      bootstrapBrokers: [this.bootstrapServers],
      retries: 0,
      connectTimeout: 1000,
    });
    try {
      // Empty while the broker is not yet let in by the controller.
      const { brokers } = await admin.metadata({ topics: [] });
      return brokers.size > 0;
    } finally {
      await admin.close();
    }
  }
}
