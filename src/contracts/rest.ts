import { z } from 'zod';
import {
  AnswerSource,
  Category,
  Classification,
  Correction,
  FieldNameSchema,
  fieldNames,
  Priority,
} from './classification.ts';
import { IssueState, Origin } from './issue.ts';

/** GitHub's own bounds for names: a login has at most 39 characters, a repository 100. */
export const RepositoryName = z.string().regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/);

/** An issue as lists and the feed carry it: everything but the body. */
export const IssueSummary = IssueState.omit({ body: true }).extend({
  repositoryId: z.number().int(),
  number: z.number().int(),
  origin: Origin,
  /** Only grows. A reader drops what is not newer than what it has. */
  version: z.number().int(),
  /** Null only for an issue whose answer was lost with its database row. */
  classification: Classification.nullable(),
});
export type IssueSummary = z.infer<typeof IssueSummary>;

export const Issue = IssueSummary.extend({ body: z.string().nullable() });
export type Issue = z.infer<typeof Issue>;

export const Deleted = z.object({
  repositoryId: z.number().int(),
  repository: z.string(),
  number: z.number().int(),
  version: z.number().int(),
});
export type Deleted = z.infer<typeof Deleted>;

export const ListIssuesQuery = z.object({
  /** `owner/name`. */
  repository: RepositoryName.optional(),
  category: Category.optional(),
  priority: Priority.optional(),
  state: z.enum(['open', 'closed']).optional(),
  source: AnswerSource.optional(),
  /** Words in title or body; `#12` or `12` also finds the number. Case does not matter. */
  q: z.string().trim().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** From `nextCursor`; opaque. */
  cursor: z.string().max(400).optional(),
});
export type ListIssuesQuery = z.infer<typeof ListIssuesQuery>;

export const IssueList = z.object({
  /** Newest activity first, ties by repository id and number. */
  issues: z.array(IssueSummary),
  /** On the first page: what was deleted in the last 15 minutes, so that a late message cannot bring it back to a screen. */
  deleted: z.array(Deleted),
  nextCursor: z.string().nullable(),
});
export type IssueList = z.infer<typeof IssueList>;

export const IssueParams = z.object({
  owner: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/),
  repo: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/),
  number: z.coerce.number().int().min(1).max(2_147_483_647),
});

/** What happened to an issue, newest first: GitHub's events in words, and what people set here. */
export const HistoryEntry = z.object({
  at: z.string(),
  kind: z.enum(['github', 'correction']),
  /** `opened`, `labeled` …; for a correction the field. */
  action: z.string(),
  by: z.string().nullable(),
  /** What changed, as a short sentence of text; hostile like all text of an issue. */
  detail: z.string().nullable(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** A delivery as stored, newest first. */
export const Delivery = z.object({
  deliveryId: z.string(),
  event: z.string(),
  action: z.string(),
  repository: z.string().nullable(),
  number: z.number().int().nullable(),
  status: z.enum(['applied', 'unchanged', 'stale', 'refused', 'failed', 'dead']),
  reason: z.string().nullable(),
  origin: Origin,
  receivedAt: z.string(),
  processedAt: z.string(),
  topic: z.string(),
  partition: z.number().int(),
  offset: z.number().int(),
});
export type Delivery = z.infer<typeof Delivery>;

export const IssueDetail = z.object({
  issue: Issue,
  classification: Classification.nullable(),
  history: z.array(HistoryEntry),
  events: z.array(Delivery),
});
export type IssueDetail = z.infer<typeof IssueDetail>;

/**
 * A person's correction: any of the fields, and the version the person looked at. An older one is answered with
 * 409 and changes nothing. `undo` gives named fields back to the classifier's answer.
 */
export const CorrectionRequest = z.strictObject({
  version: z.number().int(),
  ...Correction.shape,
  undo: z.array(FieldNameSchema).max(fieldNames.length).optional(),
});
export type CorrectionRequest = z.infer<typeof CorrectionRequest>;

export const DeliveryList = z.object({ deliveries: z.array(Delivery) });

const Count = z.object({ value: z.string(), count: z.number().int() });

export const Stats = z.object({
  total: z.number().int(),
  open: z.number().int(),
  closed: z.number().int(),
  samples: z.number().int(),
  corrected: z.number().int(),
  /** Open issues whose category is below 0.6: worth a person's look. */
  unsure: z.number().int(),
  byCategory: z.array(Count),
  byPriority: z.array(Count),
  bySource: z.array(Count),
  byRepository: z.array(Count),
  /** Deliveries by what became of them. */
  byStatus: z.array(Count),
});
export type Stats = z.infer<typeof Stats>;

/** What the page needs to say how real webhooks reach this machine. */
export const Setup = z.object({
  version: z.string(),
  profile: z.enum(['development', 'production']),
  ingressUrl: z.string(),
  webhookPath: z.literal('/webhook/github'),
  /** `generated`: made at first start; it is shown only then, and only to who may read the API. */
  secretSource: z.enum(['configured', 'generated']),
  secret: z.string().nullable(),
  samples: z.number().int(),
  classifier: z.string(),
});
export type Setup = z.infer<typeof Setup>;

/** RFC 9457, `application/problem+json`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  /** For a refused correction: the current version. */
  version: z.number().int().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
