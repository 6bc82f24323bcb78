import type { QueryClient } from '@tanstack/react-query';
import type { FeedMessage } from '../../../src/contracts/feed.ts';
import type { IssueList } from '../../../src/contracts/rest.ts';
import { ask } from '../api/client.ts';
import { FeedConnection, type Surroundings } from '../feed/feed-connection.ts';
import { Throttle } from '../feed/throttle.ts';
import { type Filter, listAddress } from '../queue/filter.ts';
import { QueueStore } from '../queue/queue-store.ts';

/** How long the first load waits for the feed to begin; after that it goes ahead and loads again when it does. */
const feedWithinMs = 2_000;

/** The feed and the list that it keeps: subscribes first, then loads, so that nothing falls between. */
export class Live {
  readonly queue: QueueStore;
  readonly feed: FeedConnection;
  readonly #client: QueryClient;
  readonly #incoming: Throttle<FeedMessage>;
  readonly #listeners = new Set<() => void>();
  readonly #begun: Promise<void>;
  #begin: () => void = () => undefined;
  #filter: Filter | null = null;
  #loadedBlind = false;

  constructor(client: QueryClient, surroundings: Surroundings) {
    this.#client = client;
    this.queue = new QueueStore((filter, limit, cursor, signal) =>
      ask<IssueList>(listAddress(filter, limit, cursor), { signal }),
    );
    this.#begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.#incoming = new Throttle(100, surroundings.after, (messages) => this.#take(messages));
    this.feed = new FeedConnection(
      surroundings,
      (message) => this.#incoming.push(message),
      () => this.#changed(),
    );
    surroundings.after(feedWithinMs, () => this.#begin());
  }

  start(): void {
    this.feed.start();
  }

  /** Shows the list of a filter. */
  async show(filter: Filter): Promise<void> {
    this.#filter = filter;
    await this.#begun;
    if (this.#filter !== filter) return;
    if (this.feed.state().phase !== 'live') this.#loadedBlind = true;
    await this.queue.load(filter);
  }

  /** Loads what is shown again. */
  async reload(): Promise<void> {
    if (this.#filter) await this.queue.load(this.#filter);
    await this.#client.invalidateQueries();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #changed(): void {
    if (this.feed.state().phase !== 'connecting') this.#begin();
    for (const listener of this.#listeners) listener();
  }

  #take(messages: readonly FeedMessage[]): void {
    this.queue.apply(messages);
    for (const message of messages) {
      if (message.type === 'issue') this.#refreshDetail(message.issue.repository, message.issue.number);
      if (message.type === 'deleted') this.#refreshDetail(message.repository, message.number);
    }
    const resync = messages.some((message) => message.type === 'resync');
    const hello = messages.some((message) => message.type === 'hello');
    if (resync || (hello && (this.#loadedBlind || this.queue.snapshot().phase === 'failed'))) {
      this.#loadedBlind = false;
      void this.reload();
    }
  }

  #refreshDetail(repository: string, number: number): void {
    void this.#client.invalidateQueries({ queryKey: ['issue', repository, number] });
  }
}
