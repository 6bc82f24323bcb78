import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TopicName, topics } from '../../contracts/topics.ts';
import type { Clock } from '../../effects/clock.ts';
import { systemRandomness } from '../../effects/randomness.ts';
import { silent } from '../../effects/silent.fixture.ts';
import type { LogUnderTest } from '../conformance/harness.ts';
import { keysOf, record } from '../conformance/harness.ts';
import { declaredTopics, type TopicConfiguration } from '../topic-configuration.ts';
import { type EmbeddedLog, openEmbeddedLog } from './embedded-log.ts';

/** A clock that a test moves; whoever sleeps, sleeps until the test wakes everybody or the log closes. */
export class StandingClock implements Clock {
  time = Date.now();
  readonly #sleeping = new Set<() => void>();

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      this.#sleeping.add(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  wake(): void {
    for (const wake of this.#sleeping) wake();
    this.#sleeping.clear();
  }
}

/** An embedded log in a directory of its own, cleaned only when the test says so. */
export class EmbeddedLogFixture implements LogUnderTest {
  readonly clock = new StandingClock();
  readonly file: string;
  log!: EmbeddedLog;
  readonly #directory: string;
  readonly #overrides: Partial<Record<TopicName, TopicConfiguration>>;

  static async open(
    overrides: Partial<Record<TopicName, TopicConfiguration>> = {},
  ): Promise<EmbeddedLogFixture> {
    const fixture = new EmbeddedLogFixture(await mkdtemp(join(tmpdir(), 'embedded-log-')), overrides);
    await fixture.#open();
    return fixture;
  }

  private constructor(directory: string, overrides: Partial<Record<TopicName, TopicConfiguration>>) {
    this.#directory = directory;
    this.#overrides = overrides;
    this.file = join(directory, 'log.sqlite');
  }

  async reopen(): Promise<void> {
    await this.log.close();
    await this.#open();
  }

  async leaveGaps() {
    const [before = '', often = '', after = ''] = keysOf(0, 3);
    await this.log.append(
      [before, often, often, often, after].map((key) => record(key, '', { topic: topics.enriched })),
    );
    await this.log.clean();
    return { topic: topics.enriched, partition: 0 };
  }

  async dispose(): Promise<void> {
    await this.log.close();
    await rm(this.#directory, { recursive: true });
  }

  async #open(): Promise<void> {
    this.log = await openEmbeddedLog({
      file: this.file,
      profile: 'development',
      clock: this.clock,
      randomness: systemRandomness,
      logger: silent,
      configuration: { ...declaredTopics('development'), ...this.#overrides },
    });
  }
}
