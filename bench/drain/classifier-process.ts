import type { ChildProcess } from 'node:child_process';
import type { Done, Membership, Order } from '../draining-classifier.ts';
import { end, processorMs, startScript } from '../processes.ts';

/** A classifier in a process of its own, which does one thing at a time. */
export class ClassifierProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(membership: Membership): Promise<ClassifierProcess> {
    const args = [JSON.stringify(membership)];
    const { child } = await startScript({ name: 'draining-classifier.ts', args, asServer: true });
    return new ClassifierProcess(child);
  }

  async order(order: Order): Promise<Done['measured']> {
    const done = new Promise<Done>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`a classifier ended with ${code}`));
      this.#child.once('exit', ended);
      this.#child.once('message', (message) => {
        this.#child.off('exit', ended);
        resolve(message as Done);
      });
    });
    this.#child.send(order);
    return (await done).measured;
  }

  get processorMs(): number {
    return processorMs(this.#child);
  }

  end(): Promise<void> {
    return end(this.#child);
  }
}
