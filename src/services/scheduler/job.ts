/** What the scheduler does again and again. */
export interface Job {
  readonly name: string;
  /** Due at whole multiples of this since 1970, in milliseconds: every scheduler names a run alike. */
  readonly everyMs: number;
  /**
   * Does it once and says what it did, in figures. A run that a crash ended is begun again, so doing it twice must do
   * no harm. `signal` fires when this scheduler may do no more.
   */
  run(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
  /** Called when another scheduler takes over. */
  idle?(): void;
}

/** The time that the current run was due at. What was missed while nobody ran is made up for once, not once each. */
export const dueAt = (nowMs: number, everyMs: number): number => Math.floor(nowMs / everyMs) * everyMs;
