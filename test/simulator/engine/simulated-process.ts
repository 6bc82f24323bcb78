import type { Clock } from '../../../src/effects/clock.ts';
import type { Random } from './random.ts';
import type { Scheduler, Task } from './scheduler.ts';

export interface CallOptions<Result> {
  /** The other side takes the request only then: a poll waits for news, a statement for its turn. */
  readonly when?: () => boolean;
  /** It arrives at this simulated time, whatever `when` says. */
  readonly due?: number;
  /** For the trace. */
  readonly describe?: (result: Result) => string;
  /** The answer was taken, and nothing had stopped the process since it asked. */
  readonly certain?: () => void;
  /** The request will never arrive: its process died first. */
  readonly dropped?: () => unknown;
}

interface Sent extends Task {
  readonly process: SimulatedProcess;
  readonly kind: 'request' | 'inside';
  readonly dropped?: () => unknown;
}

const never = <Result>() => new Promise<Result>(() => undefined);

/**
 * A process that can die or freeze between any two of its steps. Whatever it asks of the world is a request that
 * arrives at some moment and an answer at a later one. What was under way when it died may still arrive; none of its
 * own continuations ever runs again.
 */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #onEnd: (() => void)[] = [];
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #interruptions = 0;

  constructor(name: string, scheduler: Scheduler, random: Random, epoch: number) {
    this.name = name;
    this.#scheduler = scheduler;
    this.#random = random;
    this.clock = {
      now: () => epoch + scheduler.time,
      monotonic: () => scheduler.time,
      sleep: (ms, signal) => this.sleep(ms, signal),
    };
  }

  get state(): 'running' | 'frozen' | 'dead' {
    return this.#state;
  }

  /** How often it was frozen or killed. */
  get interruptions(): number {
    return this.#interruptions;
  }

  /** Asks the world for something. The effect happens there; the answer, also an error, is taken later. */
  call<Result>(
    name: string,
    effect: () => Result | Promise<Result>,
    options: CallOptions<Result> = {},
  ): Promise<Result> {
    if (this.#state === 'dead') return never();
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const asked = this.#interruptions;
    const answer = (take: () => void, certain: boolean) =>
      this.#inside(`${name} answered`, () => {
        if (certain && asked === this.#interruptions) options.certain?.();
        take();
      });
    this.#add({
      name,
      kind: 'request',
      ...(options.when && { when: options.when }),
      ...(options.due !== undefined && { due: options.due }),
      ...(options.dropped && { dropped: options.dropped }),
      run: async () => {
        try {
          const result = await effect();
          answer(() => resolve(result), true);
          return options.describe?.(result);
        } catch (error) {
          answer(() => reject(error), false);
          return `rejected, ${error instanceof Error ? error.message : String(error)}`;
        }
      },
    });
    return promise;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.#state === 'dead') return never();
    return new Promise((resolve) => {
      const due = this.#scheduler.time + Math.max(ms, 0);
      this.#inside('slept', resolve, { due, when: () => signal?.aborted === true });
    });
  }

  /** The world tells the process something once `when` is so. */
  tell(name: string, run: () => void, when?: () => boolean): void {
    if (this.#state !== 'dead') this.#inside(name, run, when && { when });
  }

  freeze(): void {
    if (this.#state !== 'running') return;
    this.#state = 'frozen';
    this.#interruptions += 1;
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
  }

  /** Dies here and now. Half of what it had sent still arrives. */
  kill(): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#interruptions += 1;
    this.#scheduler.remove((task) => {
      if (!isSentBy(this, task)) return false;
      const arrives = task.kind === 'request' && this.#random.chance(0.5);
      if (!arrives) task.dropped?.();
      return !arrives;
    });
    for (const end of this.#onEnd.splice(0)) end();
  }

  /** Called once when the process has died: the world sees its connections close. */
  onEnd(end: () => void): void {
    this.#onEnd.push(end);
  }

  #inside(name: string, run: () => void, more: Pick<Task, 'due' | 'when'> | undefined = {}): void {
    if (this.#state === 'dead') return;
    this.#add({
      ...more,
      name,
      kind: 'inside',
      blocked: () => this.#state === 'frozen',
      run: () => {
        run();
        return undefined;
      },
    });
  }

  #add(task: Omit<Sent, 'owner' | 'process'>): void {
    this.#scheduler.add({ ...task, owner: this.name, process: this } as Sent);
  }
}

const isSentBy = (process: SimulatedProcess, task: Task): task is Sent =>
  'process' in task && task.process === process;
