import { pbkdf2Sync, randomBytes } from 'node:crypto';
import {
  AclOperations,
  AclPermissionTypes,
  Admin,
  alterUserScramCredentialsV0,
  kGetBootstrapConnection,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicNames } from '../src/contracts/topics.ts';
import { effects } from '../src/effects/silent.fixture.ts';
import type { KafkaConnection } from '../src/log/kafka/connection.ts';
import { KafkaLogFixture } from '../src/log/kafka/kafka-log.fixture.ts';
import { openKafkaLog } from '../src/log/kafka/open-kafka-log.ts';
import { openKafkaTopics } from '../src/log/kafka/open-kafka-topics.ts';
import { readConfig } from '../src/runtime/config.ts';
import { createEffects } from '../src/runtime/effects.ts';
import { openTopicCommands } from '../src/runtime/open-topics.ts';
import { credentials, reader, type SecuredKafka, startSecuredKafka } from './secured-kafka.ts';
import { until } from './until.ts';

let kafka: SecuredKafka;
let fixture: KafkaLogFixture;
beforeAll(async () => {
  kafka = await startSecuredKafka();
  fixture = await KafkaLogFixture.open(kafka.server.bootstrapServers);
  await addScramUser(kafka.server.bootstrapServers);
});
afterAll(async () => {
  await fixture?.dispose();
  await kafka?.remove();
});

/** The user's SCRAM credentials, which a broker keeps salted. */
async function addScramUser(bootstrapServers: string): Promise<void> {
  const iterations = 4_096;
  const mechanisms = [
    { mechanism: 1, digest: 'sha256', bytes: 32 },
    { mechanism: 2, digest: 'sha512', bytes: 64 },
  ] as const;
  const upsertions = mechanisms.map(({ mechanism, digest, bytes }) => {
    const salt = randomBytes(16);
    const saltedPassword = pbkdf2Sync(credentials.password, salt, iterations, bytes, digest);
    return { name: credentials.username, mechanism, iterations, salt, saltedPassword };
  });
  const admin = new Admin({ clientId: 'secured-kafka-test', bootstrapBrokers: [bootstrapServers] });
  try {
    const connection = await new Promise<Parameters<typeof alterUserScramCredentialsV0.api>[0]>(
      (resolve, reject) =>
        admin[kGetBootstrapConnection]((error, found) => (found ? resolve(found) : reject(error))),
    );
    // A request names a user once.
    for (const each of upsertions) await alterUserScramCredentialsV0.api.async(connection, [], [each]);
  } finally {
    await admin.close();
  }
}

const opening = (connection: KafkaConnection) => ({
  connection,
  clientId: 'secured-kafka-test',
  topicNames: fixture.names,
  ...effects,
});

/** Writes, reads, holds a group and describes the topics: everything that connects. */
async function works(connection: KafkaConnection): Promise<void> {
  const administration = await openKafkaTopics(opening(connection));
  expect(await administration.describe(topicNames)).toHaveLength(topicNames.length);
  await administration.close();
  const log = await openKafkaLog(opening(connection));
  const [place] = await log.append([{ topic: 'issues.raw', key: 'k', value: Buffer.from('v'), headers: {} }]);
  const found = [];
  for await (const batch of log.read({ ...place!, from: place!.offset })) found.push(...batch);
  expect(found).toHaveLength(1);
  const membership = await log.join('secured', ['issues.raw']);
  for await (const generation of membership) {
    expect(await generation.confirm()).toBe('held');
    break;
  }
  await log.close();
}

/** A broker that has just started is slow with its first handshakes. */
const tried = (connection: KafkaConnection) =>
  until(() => works(connection).then(() => true), { what: 'the log works', withinMs: 20_000 });

describe('a broker that wants a password', () => {
  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('gets it by %s', async (mechanism) => {
    const sasl = { mechanism, ...credentials };
    await tried({ bootstrapServers: [kafka.plaintext], sasl });
  });

  it('and gets it over TLS', async () => {
    const sasl = { mechanism: 'SCRAM-SHA-512', ...credentials } as const;
    await tried({ bootstrapServers: [kafka.tls], sasl, tls: { ca: kafka.ca } });
  });

  it.each([
    [
      'a wrong password',
      () => ({ sasl: { mechanism: 'PLAIN', ...credentials, password: 'wrong' } as const }),
    ],
    [
      'an authority that is not trusted',
      () => ({ sasl: { mechanism: 'PLAIN', ...credentials } as const, tls: {} }),
    ],
  ])('says so of %s', async (_, more) => {
    const connection = more();
    const bootstrapServers = ['tls' in connection ? kafka.tls : kafka.plaintext];
    await expect(openKafkaLog(opening({ bootstrapServers, ...connection }))).rejects.toThrow(
      /cannot be asked for their topics: .*(SASL_AUTHENTICATION_FAILED|certificate)/,
    );
  });

  it('refuses who speaks TLS to it without, and the other way round', async () => {
    const sasl = { mechanism: 'PLAIN', ...credentials } as const;
    const withTls = openKafkaLog(
      opening({ bootstrapServers: [kafka.plaintext], sasl, tls: { ca: kafka.ca } }),
    );
    await expect(withTls).rejects.toThrow(/cannot be asked for their topics/);
    const without = openKafkaLog(opening({ bootstrapServers: [kafka.tls], sasl }));
    await expect(without).rejects.toThrow(/cannot be asked for their topics/);
  });
});

it('`topics apply` of a user who may not make topics ends with one line that says so', async () => {
  const admin = new Admin({
    clientId: 'secured-kafka-test',
    bootstrapBrokers: [kafka.server.bootstrapServers],
  });
  const everything = {
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${reader.username}`,
    host: '*',
  };
  const creations = [AclOperations.DESCRIBE, AclOperations.DESCRIBE_CONFIGS].map((operation) => ({
    ...everything,
    resourceType: ResourceTypes.TOPIC,
    resourceName: '*',
    operation,
    permissionType: AclPermissionTypes.ALLOW,
  }));
  await admin.createAcls({ creations }).finally(() => admin.close());
  const environment = {
    KAFKA_BOOTSTRAP_SERVERS: kafka.plaintext,
    KAFKA_SASL_MECHANISM: 'PLAIN',
    KAFKA_SASL_USERNAME: reader.username,
    KAFKA_SASL_PASSWORD: reader.password,
  };
  const outcome = readConfig(environment, '/srv');
  if (outcome.kind !== 'valid' || outcome.config.log.kind !== 'kafka') throw new Error('no configuration');
  const { config } = outcome;
  const topics = await openTopicCommands(config, outcome.config.log, createEffects('error', process.stderr));
  try {
    expect((await topics.apply(false)).changes.length).toBeGreaterThan(0);
    await expect(topics.apply(true)).rejects.toThrow(
      expect.objectContaining({
        name: 'Refusal',
        message: expect.stringMatching(/^KAFKA_SASL_USERNAME: the broker does not let this user [^\n]*$/),
      }),
    );
  } finally {
    await topics.close();
  }
});
