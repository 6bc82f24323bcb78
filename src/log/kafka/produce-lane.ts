import { type MessageRecord, protocolErrorsCodesById } from '@platformatic/kafka';
import type { BrokerClient } from './broker-client.ts';
import { BrokerFailure } from './broker-failure.ts';
import type { Answer } from './protocol.ts';
import type { KnownBroker } from './topic-directory.ts';

/** One partition's records on their way to its leader. */
export interface Sending {
  /** The first record's offset. @throws BrokerFailure */
  readonly offset: Promise<number>;
  /** Sees to it that nothing is sent any more. Cuts the lane's connection when something is under way. */
  withdraw(): void;
}

interface Due {
  readonly leader: KnownBroker;
  readonly messages: readonly MessageRecord[];
  state: 'due' | 'sent' | 'settled';
  placed(offset: number): void;
  failed(error: BrokerFailure): void;
}

const acksAll = -1;
/** How long a leader waits for its replicas. */
const replicationMs = 1_200;

/**
 * A connection to one leader with one request under way; the partitions whose records come meanwhile share the next.
 * A broker works on one request of a connection at a time, so more of them would wait there and cost more.
 */
export class ProduceLane {
  readonly #client: BrokerClient;
  #due: Due[] = [];
  #busy = false;

  constructor(client: BrokerClient) {
    this.#client = client;
  }

  /** A partition must not have two sendings at a time: their order would be anybody's guess. */
  send(leader: KnownBroker, messages: readonly MessageRecord[]): Sending {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const due: Due = { leader, messages, state: 'due', placed: resolve, failed: reject };
    this.#due.push(due);
    if (!this.#busy) {
      this.#busy = true;
      // Partitions that come in this turn of the event loop share the request.
      setImmediate(() => void this.#run());
    }
    return { offset: promise, withdraw: () => this.#withdraw(due) };
  }

  close(): void {
    this.#client.close();
  }

  #withdraw(due: Due): void {
    this.#due = this.#due.filter((each) => each !== due);
    if (due.state === 'sent') this.#client.reset();
  }

  async #run(): Promise<void> {
    while (this.#due.length > 0) await this.#request(this.#due.splice(0));
    this.#busy = false;
  }

  async #request(due: readonly Due[]): Promise<void> {
    for (const each of due) each.state = 'sent';
    try {
      // A leader that moved to another address is the same node: the newest one counts.
      const leader = due.at(-1)!.leader;
      const messages = due.flatMap((each) => each.messages);
      this.#settle(due, await this.#client.call('Produce', leader, acksAll, replicationMs, messages, {}));
    } catch (error) {
      const failure = error instanceof BrokerFailure ? error : new BrokerFailure(error, true);
      // One partition's refusal comes as an error, with the others' places in it.
      if (failure.response) this.#settle(due, failure.response as Answer<'Produce'>, failure);
      for (const each of due) if (each.state === 'sent') each.failed(failure);
    }
    for (const each of due) each.state = 'settled';
  }

  #settle(due: readonly Due[], answer: Answer<'Produce'>, failure?: BrokerFailure): void {
    for (const { name, partitionResponses } of answer.responses) {
      for (const { index, errorCode, errorMessage, baseOffset } of partitionResponses) {
        const sent = due.find(
          ({ messages, state }) =>
            state === 'sent' && messages[0]?.topic === name && messages[0].partition === index,
        );
        if (!sent) continue;
        sent.state = 'settled';
        if (errorCode === 0) sent.placed(Number(baseOffset));
        else sent.failed(refusal(errorCode, errorMessage, failure));
      }
    }
    for (const each of due) {
      if (each.state !== 'sent') continue;
      each.failed(failure ?? new BrokerFailure(new Error('the broker did not name a place'), true));
      each.state = 'settled';
    }
  }
}

function refusal(code: number, message: string | null | undefined, cause: unknown): BrokerFailure {
  const apiId = protocolErrorsCodesById[code] ?? `error ${code}`;
  return new BrokerFailure({ apiId, message: message ?? 'refused by the broker', response: cause }, true);
}
