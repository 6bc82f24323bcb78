import type { TopicName } from '../contracts/topics.ts';
import type { KafkaConnection } from '../log/kafka/connection.ts';
import { isBranch, schemaOf, topicNamesOf } from './branch.ts';
import type { Values } from './config.ts';

export type LogConfig =
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'kafka';
      readonly connection: KafkaConnection;
      /** The broker's names of the topics. */
      readonly topicNames: Readonly<Record<TopicName, string>>;
    };

export type DatabaseConfig =
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'postgres';
      readonly url: string;
      readonly schema: string;
      /** At most, of each process. */
      readonly connections: number;
    };

export function logConfig(values: Values): LogConfig {
  const { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, KAFKA_SASL_MECHANISM: mechanism } = values;
  if (bootstrapServers === undefined) return { kind: 'embedded' };
  const username = values.KAFKA_SASL_USERNAME ?? '';
  const password = values.KAFKA_SASL_PASSWORD ?? '';
  return {
    kind: 'kafka',
    connection: {
      bootstrapServers,
      ...(mechanism === undefined ? {} : { sasl: { mechanism, username, password } }),
      ...(values.KAFKA_TLS ? { tls: tlsOf(values) } : {}),
    },
    topicNames: topicNamesOf(values.KAFKA_GROUP_ID),
  };
}

function tlsOf(values: Values): NonNullable<KafkaConnection['tls']> {
  const { KAFKA_TLS_CA: ca, KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key } = values;
  const { KAFKA_TLS_SERVERNAME: servername } = values;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    rejectUnauthorized: values.KAFKA_TLS_VERIFY,
  };
}

export function databaseConfig(values: Values): DatabaseConfig {
  const { DATABASE_URL: url, DATABASE_CONNECTIONS: connections } = values;
  if (url === undefined) return { kind: 'embedded' };
  return { kind: 'postgres', url, schema: schemaOf(values.KAFKA_GROUP_ID), connections };
}

/** What does not go together, one line each. */
export function storeProblems(values: Values): readonly string[] {
  const lines: string[] = [];
  const { KAFKA_SASL_MECHANISM: mechanism } = values;
  for (const name of ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const) {
    if (mechanism !== undefined && values[name] === undefined) {
      lines.push(`${name}: has to be set with KAFKA_SASL_MECHANISM=${mechanism}`);
    }
    if (mechanism === undefined && values[name] !== undefined) {
      lines.push(`${name}: needs KAFKA_SASL_MECHANISM (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512)`);
    }
  }
  for (const name of ['KAFKA_TLS_CA', 'KAFKA_TLS_CERT', 'KAFKA_TLS_KEY', 'KAFKA_TLS_SERVERNAME'] as const) {
    // Going on without TLS would not be what was meant.
    if (values[name] !== undefined && !values.KAFKA_TLS) lines.push(`${name}: needs KAFKA_TLS=true`);
  }
  if ((values.KAFKA_TLS_CERT === undefined) !== (values.KAFKA_TLS_KEY === undefined)) {
    lines.push('KAFKA_TLS_CERT: belongs together with KAFKA_TLS_KEY; set both or none');
  }
  if (isBranch(values.KAFKA_GROUP_ID)) {
    if (values.KAFKA_BOOTSTRAP_SERVERS === undefined || values.DATABASE_URL === undefined) {
      lines.push(
        `KAFKA_GROUP_ID: the branch ${values.KAFKA_GROUP_ID} needs KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL; ` +
          'an embedded installation shares nothing and is isolated by a DISPATCHAI_DATA_DIR of its own',
      );
    }
  }
  return lines;
}
