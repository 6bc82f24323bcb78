import type { RetrySchedule } from '../../../domain/retry-schedule.ts';

/** A text that the model refuses is asked about three times, then it is given up. */
export const refusalSchedule: RetrySchedule = { delaysMs: [2_000, 4_000], jitter: 0.2 };
export const refusalsAllowed = refusalSchedule.delaysMs.length + 1;
