/** A group's offset of one partition, by the database and by the log. */
export interface MirroredOffset {
  /** Next offset by the database; it decides. */
  readonly position: number | null;
  /** What was last committed to the log, as far as it was noted; null before the first time. */
  readonly mirrored: number | null;
  /** What the log has committed; null when it has nothing, or has forgotten it. */
  readonly committed: number | null;
}

/**
 * Whether somebody moved a group's committed offset with the broker's tools. A mirror that a crash lost lies between
 * what was last noted and the position; nothing that the classifier does lies outside of that.
 */
export function wasMoved({ position, mirrored, committed }: MirroredOffset): boolean {
  if (committed === null || position === null) return false;
  return committed > position || (mirrored !== null && committed < mirrored);
}
