import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

/** Something that goes on once the scheduler says so: a request that arrives, an answer, a timer. */
export interface Task {
  /** Who it is about, for the trace. */
  readonly owner: string;
  readonly name: string;
  /** While true the task is left alone: its process is frozen. */
  readonly blocked?: () => boolean;
  /** Runs at this simulated time. */
  readonly due?: number;
  /** Runs as soon as this is so. With neither, it can run at once. */
  readonly when?: () => boolean;
  /** What it did, for the trace. */
  readonly run: () => string | undefined | Promise<string | undefined>;
}

/** Resolves when nothing can go on by itself: microtasks and next ticks are done. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * The only clock and the only hand that lets anything go on. Of all tasks that could run, one is picked by seeded
 * chance; when none can, time jumps to the next that is due.
 */
export class Scheduler {
  /** Simulated milliseconds since the run began. */
  time = 0;
  steps = 0;
  readonly #random: Random;
  readonly #trace: Trace;
  #tasks: Task[] = [];

  constructor(random: Random, trace: Trace) {
    this.#random = random;
    this.#trace = trace;
  }

  add(task: Task): void {
    this.#tasks.push(task);
  }

  remove(gone: (task: Task) => boolean): void {
    this.#tasks = this.#tasks.filter((task) => !gone(task));
  }

  /** Runs tasks until `done`, or until the simulated time. */
  async run(until: { readonly done?: () => boolean; readonly time: number }): Promise<void> {
    for (;;) {
      await settled();
      if (until.done?.()) return;
      const ready = this.#tasks.filter((task) => this.#isReady(task));
      // Now and then time passes although something could go on: whatever is under way is slow.
      const wait = ready.length === 0 || this.#random.chance(0.01);
      if (wait) {
        const next = this.#nextDue();
        if (next === undefined && ready.length === 0) return;
        if (next !== undefined) {
          if (next > until.time) {
            this.time = until.time;
            return;
          }
          this.time = Math.max(this.time, Math.ceil(next));
          continue;
        }
      }
      await this.#runOne(this.#random.pick(ready));
    }
  }

  async #runOne(task: Task): Promise<void> {
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
    this.steps += 1;
    this.time += this.#random.below(3);
    const did = await task.run();
    this.#trace.note(`${this.time} ${task.owner} ${task.name}${did ? `: ${did}` : ''}`);
  }

  #isReady(task: Task): boolean {
    if (task.blocked?.()) return false;
    if (task.due === undefined && task.when === undefined) return true;
    return (task.due !== undefined && task.due <= this.time) || task.when?.() === true;
  }

  #nextDue(): number | undefined {
    let next: number | undefined;
    for (const task of this.#tasks) {
      if (task.due === undefined || task.due <= this.time || task.blocked?.()) continue;
      if (next === undefined || task.due < next) next = task.due;
    }
    return next;
  }
}
