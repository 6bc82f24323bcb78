import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topics } from '../src/contracts/topics.ts';
import { openEmbeddedLog } from '../src/log/embedded/embedded-log.ts';
import type { EventLog } from '../src/log/event-log.ts';
import { openKafkaLog } from '../src/log/kafka/open-kafka-log.ts';
import type { TopicNames } from '../src/log/kafka/topic-directory.ts';
import { startIngress } from '../src/services/ingress/start-ingress.ts';
import { type Append, startFloorServer } from './accept/floor-server.ts';
import { SharedSends } from './accept/shared-sends.ts';
import { quietEffects } from './quiet-effects.ts';
import { benchRecord } from './records.ts';

/**
 * Accepts webhooks durably, alone in its process: as `ingress`, or as `floor`, which does no more than bare
 * node:http, HMAC and a shared append must. Arguments: kind, secret, and where they go, as JSON. Prints its port.
 */
export type Destination =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'kafka'; readonly servers: readonly string[]; readonly topicNames: TopicNames };

const [kind, secret, destination] = process.argv.slice(2) as ['ingress' | 'floor', string, string];
const to = JSON.parse(destination) as Destination;
const { clock, logger, randomness } = quietEffects;

interface Appending {
  readonly log: Pick<EventLog, 'append'>;
  /** For the floor, which has no use for the driver of Kafka. */
  readonly append: Append;
  close(): Promise<void>;
}

async function appendEmbedded(): Promise<Appending> {
  const directory = mkdtempSync(join(tmpdir(), 'dispatchai-accept-'));
  const file = join(directory, 'log.sqlite');
  const log = await openEmbeddedLog({ file, profile: 'development', clock, logger, randomness });
  const { topic, headers } = benchRecord(1);
  return {
    log,
    append: (key, value) => log.append([{ topic, key, value, headers }]),
    close: async () => {
      await log.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function appendToKafka({ servers, topicNames }: Destination & { kind: 'kafka' }): Promise<Appending> {
  const connection = { bootstrapServers: servers };
  const log = await openKafkaLog({ connection, clientId: 'bench', topicNames, clock, logger, randomness });
  const topic = { name: topicNames[topics.raw], partitions: await log.partitions(topics.raw) };
  const sends = new SharedSends(servers, topic, benchRecord(1).headers);
  return {
    log,
    append: (key, value) => sends.append(key, value),
    close: async () => {
      await Promise.all([log.close(), sends.close()]);
    },
  };
}

const { log, append, close } = to.kind === 'embedded' ? await appendEmbedded() : await appendToKafka(to);
const server =
  kind === 'floor'
    ? await startFloorServer(secret, append)
    : await startIngress({ log, effects: quietEffects, host: '127.0.0.1', port: 0, secrets: [secret] });

async function stop(): Promise<void> {
  await server.stop();
  await close();
  process.exit(0);
}
process.once('SIGTERM', stop);
process.once('disconnect', stop);
console.log(server.port);
