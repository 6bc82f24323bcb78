import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entrust } from './end-with-this-process.ts';
import { freePort } from './free-port.ts';
import type { KafkaInstallation } from './obtain-kafka.ts';
import { runProgram } from './run-program.ts';
import { ServerContainer } from './server-container.ts';
import { ServerProcess } from './server-process.ts';

/** In the names of `server.properties`. */
export type KafkaSettings = Readonly<Record<string, string | number>>;

/** What `listen` names clients reach at `127.0.0.1:port`. */
const settings = (port: number, controllerPort: number, listen: string) => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  listeners: `PLAINTEXT://${listen}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
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
});

/** `more` are settings of the broker that replace or join those above. */
export async function runKafkaHere(
  { classPath }: KafkaInstallation,
  port: number,
  more: KafkaSettings,
): Promise<ServerProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatchai-kafka-'));
  entrust({ directory });
  const file = join(directory, 'server.properties');
  const lines = Object.entries({
    ...settings(port, await freePort(), '127.0.0.1'),
    'log.dirs': join(directory, 'data'),
    ...more,
  }).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(file, lines.join(''));
  const java = ['-Xmx512m', '-XX:+UseSerialGC', '-cp', classPath];
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', newClusterId(), '--config', file];
  await runProgram('java', [...java, ...format]);
  return new ServerProcess({
    command: 'java',
    args: [...java, 'kafka.Kafka', file],
    stopSignal: 'SIGTERM',
    directory,
  });
}

/** Not tried where this was written: there was no Docker daemon. */
export function runKafkaInDocker(image: string, port: number, more: KafkaSettings): ServerContainer {
  // The image takes each setting as a variable: `process.roles` is KAFKA_PROCESS_ROLES.
  const environment = Object.fromEntries(
    Object.entries({ ...settings(port, 9093, '0.0.0.0'), ...more }).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      String(value),
    ]),
  );
  return new ServerContainer({
    image,
    port: { inside: port, outside: port },
    environment: { ...environment, CLUSTER_ID: newClusterId() },
    stopSignal: 'SIGTERM',
  });
}

/** 128 random bits in Kafka's alphabet; its own never begin with a dash, which its tools take for an option. */
const newClusterId = (): string => randomBytes(16).toString('base64url').replace(/^-/, 'A');
