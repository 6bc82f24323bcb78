import { isIP } from 'node:net';
import type { BaseOptions } from '@platformatic/kafka';

/** How the brokers are reached. */
export interface KafkaConnection {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly bootstrapServers: readonly string[];
  readonly sasl?: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
    readonly username: string;
    readonly password: string;
  };
  /** TLS is used when this is given, also when it is empty; the system's authorities are trusted without `ca`. */
  readonly tls?: {
    /** PEM text, as are `cert` and `key`. */
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    /** Instead of the broker's host name, for SNI and for what its certificate must say. */
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
}

/** Milliseconds. */
export interface ClientTimeouts {
  readonly connect: number;
  /** From a request's sending to its whole answer. */
  readonly request: number;
}

export function clientOptions(
  connection: KafkaConnection,
  clientId: string,
  timeouts: ClientTimeouts,
): BaseOptions {
  const { bootstrapServers, sasl, tls } = connection;
  return {
    clientId,
    bootstrapBrokers: [...bootstrapServers],
    connectTimeout: timeouts.connect,
    requestTimeout: timeouts.request,
    // Whether a request may be repeated depends on the request, so whoever sends it decides.
    retries: 0,
    maxInflights: 64,
    ...(sasl ? { sasl: { ...sasl } } : {}),
    ...(tls ? { tls: { ...tls } } : {}),
    ...(tls && serverName(connection)),
  };
}

/** Node sends no SNI unless it is told the name, and must not send an address (RFC 6066, 3). */
function serverName({ bootstrapServers, tls }: KafkaConnection): Pick<BaseOptions, 'tlsServerName'> {
  if (tls?.servername) return { tlsServerName: tls.servername };
  const hosts = bootstrapServers.map((server) => server.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''));
  return hosts.some((host) => isIP(host) !== 0) ? {} : { tlsServerName: true };
}
