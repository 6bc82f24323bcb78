/** What goes wrong on the way to the broker and back. */
export type AppendFault =
  /** Nothing was appended. */
  | 'refused'
  /** Everything was, but the answer is lost. */
  | 'unacknowledged'
  /** Some partitions took their records, the others did not. */
  | 'partial'
  /** The client sent again what had arrived: two copies, and the answer speaks of the second. */
  | 'twice';

export interface LogFaults {
  append(): AppendFault | null;
  /** How long an append is on its way, in milliseconds. */
  lateness(): number;
  /** How long a group member goes on before it hears that its partitions are somebody else's, in milliseconds. */
  hearing(): number;
  /** Whether a read, a poll or a question fails. */
  read(): boolean;
  /** At most this many records in a batch of a group member. */
  batch(): number;
}

export const noLogFaults: LogFaults = {
  append: () => null,
  lateness: () => 0,
  hearing: () => 0,
  read: () => false,
  batch: () => Number.POSITIVE_INFINITY,
};
