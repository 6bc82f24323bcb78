/** An expected end of a command: one sentence that says what to do next, and the exit code. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** 1: it could not be done. 2: it was asked for wrongly (arguments, configuration). */
  readonly exitCode: 1 | 2;
  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
