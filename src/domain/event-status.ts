/**
 * What became of a delivery. `applied` changed the issue; `unchanged` fits but changes nothing; `stale` is older
 * than what the issue holds; `refused` comes from before a deletion; `failed` waits for another try; `dead` has
 * had all of them.
 */
export const eventStatuses = ['applied', 'unchanged', 'stale', 'refused', 'failed', 'dead'] as const;
export type EventStatus = (typeof eventStatuses)[number];
