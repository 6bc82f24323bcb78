import type { BrokerClient } from './broker-client.ts';
import { ProduceLane } from './produce-lane.ts';
import type { KnownBroker } from './topic-directory.ts';

/** The connections that records are written over. */
export class ProduceLanes {
  readonly #connect: () => BrokerClient;
  readonly #shared = new Map<number, ProduceLane>();

  constructor(connect: () => BrokerClient) {
    this.#connect = connect;
  }

  /** The one of all partitions that this broker leads. */
  shared({ node }: KnownBroker): ProduceLane {
    const lane = this.#shared.get(node) ?? this.open();
    this.#shared.set(node, lane);
    return lane;
  }

  /** One that its opener uses alone, and closes. */
  open(): ProduceLane {
    return new ProduceLane(this.#connect());
  }

  close(): void {
    for (const lane of this.#shared.values()) lane.close();
  }
}
