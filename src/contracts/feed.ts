import { z } from 'zod';
import { Deleted, IssueSummary } from './rest.ts';

/**
 * What `/ws` sends. `cursor` is opaque; a client that comes back with the last one it saw misses nothing, or is
 * told to load again by `resync`. Unknown types are ignored, so that new ones can come.
 */
export const FeedMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('issue'), cursor: z.string(), issue: IssueSummary }),
  Deleted.extend({ type: z.literal('deleted'), cursor: z.string() }),
  z.object({ type: z.literal('resync'), cursor: z.string(), reason: z.string() }),
  /** First after connecting: where the feed stands. */
  z.object({ type: z.literal('hello'), cursor: z.string() }),
  /** About each second while something changed: how far the classifier is behind the log. */
  z.object({ type: z.literal('status'), cursor: z.string(), behind: z.number().int(), status: z.string() }),
]);
export type FeedMessage = z.infer<typeof FeedMessage>;
