export interface MoveProgress {
  /** A topic's or a table's name. */
  readonly of: string;
  readonly kind: 'records' | 'rows';
  readonly done: number;
  readonly total: number;
}

/** Who moves, whom it tells, and what stops it between two batches. */
export interface MoveOptions {
  /** For the audit row. */
  readonly actor: string;
  readonly onProgress: (progress: MoveProgress) => void;
  readonly signal: AbortSignal;
}

/** Counts what is copied of one topic or table. */
export function counting(
  { onProgress }: MoveOptions,
  of: Pick<MoveProgress, 'of' | 'kind' | 'total'>,
): (copied: number) => void {
  let done = 0;
  return (copied) => {
    done += copied;
    onProgress({ ...of, done });
  };
}
