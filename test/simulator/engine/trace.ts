import { createHash } from 'node:crypto';

/** What happened, in order: the end of it for people, and a hash of all of it to compare runs by. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #kept: string[] = [];
  readonly #keep: number;

  constructor(keep = 4000) {
    this.#keep = keep;
  }

  note(line: string): void {
    this.#hash.update(line).update('\n');
    this.#kept.push(line);
    if (this.#kept.length > this.#keep * 2) this.#kept.splice(0, this.#keep);
  }

  tail(lines: number): readonly string[] {
    return this.#kept.slice(-lines);
  }

  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }
}
