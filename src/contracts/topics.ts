import { z } from 'zod';
import { Answer, Correction } from './classification.ts';
import { IssueState, Origin } from './issue.ts';

/** The four topics by their logical names; a branch adds its suffix in the driver, never here. */
export const topics = {
  raw: 'issues.raw',
  enriched: 'issues.enriched',
  deadLetter: 'issues.dead-letter',
  deletions: 'issues.deletions',
} as const;
export type TopicName = (typeof topics)[keyof typeof topics];
export const topicNames = Object.values(topics) as readonly TopicName[];

/** Headers of a record on `issues.raw`. All values are text; `received-at` is milliseconds since 1970. */
export const RawHeaders = z.object({
  'delivery-id': z.string().min(1).max(200),
  event: z.enum(['issues', 'issue_comment', 'snapshot']),
  action: z.string(),
  /** `owner/name#number`, for people reading the log. The key has the ids. */
  issue: z.string(),
  'correlation-id': z.string(),
  /** 14 digits reach the year 5138; more are no time that PostgreSQL stores. */
  'received-at': z.string().regex(/^\d{1,14}$/),
  origin: Origin,
});
export type RawHeaders = z.infer<typeof RawHeaders>;

/**
 * Headers that a record on `issues.dead-letter` has beside those it came with. Its key is the delivery id, its value the
 * untouched bytes. Times are ISO 8601.
 */
export const DeadLetterHeaders = z.object({
  /** Where the record stood. */
  'dead-letter-topic': z.string(),
  'dead-letter-partition': z.string().regex(/^\d+$/),
  'dead-letter-offset': z.string().regex(/^\d+$/),
  'dead-letter-key': z.string(),
  /** Milliseconds since 1970. */
  'dead-letter-timestamp': z.string().regex(/^-?\d+$/),
  /** A SQLSTATE, an error's name, or `Unreadable`. */
  'dead-letter-error-class': z.string(),
  'dead-letter-error-message': z.string(),
  /** How often it was tried, the first time included. */
  'dead-letter-attempts': z.string().regex(/^\d+$/),
  'dead-letter-first-failed-at': z.string(),
  'dead-letter-last-failed-at': z.string(),
  /**
   * `none`: it came without a value, and this one is empty. `too-large`: the topic takes neither its value nor its own
   * headers; the database has both. `erased`: its issue was erased, and both are gone.
   */
  'dead-letter-value': z.enum(['original', 'none', 'too-large', 'erased']),
});
export type DeadLetterHeaders = z.infer<typeof DeadLetterHeaders>;

/**
 * A record on `issues.enriched`: the complete state, so that the compacted topic is a complete copy of the
 * database's issues, current answers and corrections. Never a delta, never null.
 */
export const EnrichedIssue = z.object({
  type: z.literal('issue'),
  repositoryId: z.number().int(),
  number: z.number().int(),
  version: z.number().int(),
  /** Its texts and lists were cut, since the topic does not take the whole; the content hash is of the whole. */
  truncated: z.literal(true).optional(),
  issue: IssueState,
  origin: Origin,
  contentHash: z.string(),
  /**
   * The registers that order comments (`[second in ms, class, count]`) and pins (`[received-at in ms, delivery id]`);
   * absent in records of before they were published.
   */
  guards: z
    .object({
      comments: z.tuple([z.number(), z.union([z.literal(0), z.literal(1), z.literal(2)]), z.number()]),
      pin: z.tuple([z.number(), z.string()]).nullable(),
    })
    .optional(),
  classification: z
    .object({
      answer: Answer,
      source: z.enum(['local', 'model']),
      classifier: z.string(),
      cacheKey: z.string(),
      degraded: z.string().nullable(),
    })
    .nullable(),
  corrections: Correction,
});
export type EnrichedIssue = z.infer<typeof EnrichedIssue>;

/** A deletion on `issues.enriched`: small, and with a version, so that no reader goes back behind it. */
export const EnrichedDeletion = z.object({
  type: z.literal('deleted'),
  repositoryId: z.number().int(),
  number: z.number().int(),
  repository: z.string(),
  version: z.number().int(),
});
export type EnrichedDeletion = z.infer<typeof EnrichedDeletion>;

export const EnrichedRecord = z.discriminatedUnion('type', [EnrichedIssue, EnrichedDeletion]);
export type EnrichedRecord = z.infer<typeof EnrichedRecord>;

export const deletionReasons = ['person', 'github-deleted', 'github-transferred', 'sample'] as const;

/** A ledger row as `issues.deletions` mirrors it. Times are ISO 8601. */
export const DeletionRecord = z.object({
  type: z.literal('deletion'),
  repositoryId: z.number().int(),
  number: z.number().int(),
  repository: z.string(),
  version: z.number().int(),
  deletedAt: z.string(),
  /** `updated_at` of the state that was deleted; null when the issue was never seen. */
  stateUpdatedAt: z.string().nullable(),
  reason: z.enum(deletionReasons),
  deletedBy: z.string(),
  permanent: z.boolean(),
  liftedAt: z.string().nullable(),
});
export type DeletionRecord = z.infer<typeof DeletionRecord>;

/**
 * The key under which a group's `issues.deletions` names the database that the log belongs to. No issue has it: whoever
 * reads the ledger passes it over.
 */
export const pairingKey = 'pairing';

export const PairingRecord = z.object({
  type: z.literal('pairing'),
  databaseId: z.string(),
  group: z.string(),
  /** ISO 8601. */
  pairedAt: z.string(),
});
export type PairingRecord = z.infer<typeof PairingRecord>;
