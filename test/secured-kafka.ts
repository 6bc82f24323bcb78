import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './servers/free-port.ts';
import { KafkaServer } from './servers/kafka-server.ts';

const run = promisify(execFile);

export const credentials = { username: 'dispatchai', password: 'correct horse' } as const;

/** May look at every topic, and make or change none. */
export const reader = { username: 'reader', password: 'look only' } as const;

/** A broker with one listener that wants a password, and one that wants TLS and a password. */
export interface SecuredKafka {
  readonly server: KafkaServer;
  readonly plaintext: string;
  readonly tls: string;
  /** PEM of the authority that signed the broker's certificate, which is for `localhost`. */
  readonly ca: string;
  remove(): Promise<void>;
}

export async function startSecuredKafka(): Promise<SecuredKafka> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatchai-tls-'));
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2'];
  await run('openssl', ['req', '-x509', ...made, ...subject]);
  const ca = await readFile(certificate, 'utf8');
  const keystore = join(directory, 'keystore.pem');
  await writeFile(keystore, `${await readFile(key, 'utf8')}${ca}`);
  const [port, plaintext, tls, controller] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const server = await KafkaServer.start({
    port,
    settings: securedSettings({ port, plaintext, tls, controller }, keystore),
  });
  return {
    server,
    plaintext: `localhost:${plaintext}`,
    tls: `localhost:${tls}`,
    ca,
    remove: async () => {
      await server.remove();
      await rm(directory, { recursive: true });
    },
  };
}

function securedSettings(
  ports: {
    readonly port: number;
    readonly plaintext: number;
    readonly tls: number;
    readonly controller: number;
  },
  keystore: string,
) {
  const { port, plaintext, tls, controller } = ports;
  const listeners = [
    `PLAINTEXT://127.0.0.1:${port}`,
    `PASSWORD://localhost:${plaintext}`,
    `SECURE://localhost:${tls}`,
  ];
  const { username, password } = credentials;
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}" user_${reader.username}="${reader.password}";`;
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const logins = ['password', 'secure'].flatMap((listener) => [
    [`listener.name.${listener}.plain.sasl.jaas.config`, plain],
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, scram],
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`, scram],
  ]);
  return {
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controller}`].join(','),
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'advertised.listeners': listeners.join(','),
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,PASSWORD:SASL_PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystore,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:ANONYMOUS;User:${username}`,
    ...Object.fromEntries(logins),
  };
}
