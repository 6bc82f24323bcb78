import type { AddressInfo, Server } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The environment variable that sets the port, for the message. */
  readonly variable: string;
}

export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly port: number;
  readonly variable: string;
  constructor({ host, port, variable }: ListenAddress, options?: ErrorOptions) {
    super(`port ${port} on ${host} is in use; set ${variable} to another one`, options);
    this.port = port;
    this.variable = variable;
  }
}

/** A listener's error as `PortInUseError` when it is that, else as it is. */
export function asPortInUse(error: unknown, address: ListenAddress): unknown {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return inUse ? new PortInUseError(address, { cause: error }) : error;
}

/**
 * Starts listening and resolves with the port.
 * @throws PortInUseError
 */
export function listen(server: Server, address: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) => reject(asPortInUse(error, address));
    server.once('error', failed);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
