import {
  Admin,
  type API,
  type Broker,
  type Connection,
  kGetApi,
  kGetBootstrapConnection,
  kGetConnection,
} from '@platformatic/kafka';
import { BrokerFailure } from './broker-failure.ts';
import { outliveRepeatedErrors } from './client-workarounds.ts';
import { type ClientTimeouts, clientOptions, type KafkaConnection } from './connection.ts';
import type { Answer, Arguments, Requests } from './protocol.ts';

/**
 * Requests to brokers, each sent once, over connections of its own: a broker works on one request of a connection at a
 * time, so readers that wait and writers do not share one.
 *
 * The client's `Producer` and `Consumer` are not used: they repeat requests, jump to other offsets and commit for later
 * generations by themselves (see `client-behaviour.served.test.ts`). What is used are its connections, its protocol and
 * its `Admin`.
 */
export class BrokerClient {
  readonly #connection: KafkaConnection;
  readonly #clientId: string;
  readonly #timeouts: ClientTimeouts;
  #admin: Admin;
  #resets = 0;
  #closed = false;

  constructor(connection: KafkaConnection, clientId: string, timeouts: ClientTimeouts) {
    this.#connection = connection;
    this.#clientId = clientId;
    this.#timeouts = timeouts;
    this.#admin = this.#open();
  }

  /** The client's own administration, for what needs no care about repetition. */
  async administer<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      return await work(this.#admin);
    } catch (error) {
      throw new BrokerFailure(error, true);
    }
  }

  /** @throws BrokerFailure */
  async call<Name extends keyof Requests>(
    name: Name,
    to: Broker | 'any',
    ...given: Arguments<Name>
  ): Promise<Answer<Name>> {
    return await this.callAs(name, to, () => given);
  }

  /** As `call`, for a request whose arguments depend on the version that client and broker agree on. */
  async callAs<Name extends keyof Requests>(
    name: Name,
    to: Broker | 'any',
    given: (version: number) => Arguments<Name>,
  ): Promise<Answer<Name>> {
    let sent = false;
    try {
      const resets = this.#resets;
      const connection = await this.#reach(to);
      const api = await this.#negotiate(name);
      // After a reset nobody waits for this any more, so it must not go out.
      if (this.#closed || resets !== this.#resets) throw new Error('the connection was closed');
      sent = true;
      return (await api.async(connection, ...given(api.version))) as Answer<Name>;
    } catch (error) {
      throw new BrokerFailure(error, sent);
    }
  }

  /** Cuts all connections, so that nothing that waits in them is sent later. The next request makes new ones. */
  reset(): void {
    this.#cut();
    this.#resets += 1;
    if (!this.#closed) this.#admin = this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#cut();
  }

  #cut(): void {
    for (const [, connection] of [...this.#admin.connections]) connection.socket?.destroy();
    // Its promise settles once the sockets have ended, which nobody has to wait for.
    this.#admin.close(() => undefined);
  }

  /** After a reset another server comes first: the one that hung may do so again. */
  #open(): Admin {
    const { bootstrapServers } = this.#connection;
    const turn = this.#resets % Math.max(1, bootstrapServers.length);
    const turned = [...bootstrapServers.slice(turn), ...bootstrapServers.slice(0, turn)];
    const connection = { ...this.#connection, bootstrapServers: turned };
    const admin = new Admin(clientOptions(connection, this.#clientId, this.#timeouts));
    outliveRepeatedErrors(admin);
    return admin;
  }

  #reach(to: Broker | 'any'): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const reached = (error: Error | null, connection?: Connection) =>
        connection ? resolve(connection) : reject(error);
      if (to === 'any') this.#admin[kGetBootstrapConnection](reached);
      else this.#admin[kGetConnection](to, reached);
    });
  }

  #negotiate<Name extends keyof Requests>(name: Name): Promise<API<Arguments<Name>, Answer<Name>>> {
    return new Promise((resolve, reject) => {
      this.#admin[kGetApi]<Arguments<Name>, Answer<Name>>(name, (error, api) =>
        api ? resolve(api) : reject(error),
      );
    });
  }
}
