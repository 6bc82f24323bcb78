import { z } from 'zod';

/**
 * The parts of GitHub's webhook payloads that are read, and no more: everything else stays untouched in the
 * stored bytes. GitHub's own examples leave fields out (a pinned issue comes without state and labels), so what
 * can be missing is optional here.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues
 */

export const issueActions = [
  'assigned',
  'closed',
  'deleted',
  'demilestoned',
  'edited',
  'labeled',
  'locked',
  'milestoned',
  'opened',
  'pinned',
  'reopened',
  'transferred',
  'typed',
  'unassigned',
  'unlabeled',
  'unlocked',
  'unpinned',
  'untyped',
] as const;
export const commentActions = ['created', 'edited', 'deleted'] as const;

const Id = z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
/** A time of the years 1970 to 9999, whatever its offset: others would not be stored as they are meant. */
const Instant = z.iso
  .datetime({ offset: true })
  .refine(
    (text) => Date.parse(text) >= 0 && Date.parse(text) < Date.UTC(10_000, 0),
    'a year GitHub cannot mean',
  );
const User = z.object({ login: z.string() });
const Named = z.object({ name: z.string() });
/** GitHub's API describes a label of an issue as its name, or as an object whose name may be missing. */
const Labels = z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).transform((labels) =>
  labels.flatMap((label) => {
    const name = typeof label === 'string' ? label : label.name;
    return name == null ? [] : [{ name }];
  }),
);
const From = z.object({ from: z.string().nullish() });

export const RepositoryPayload = z.object({ id: Id, full_name: z.string().min(3).max(300) });

export const IssuePayload = z.object({
  number: z.number().int().min(1).max(2_147_483_647),
  title: z.string(),
  body: z.string().nullish(),
  user: User.nullish(),
  author_association: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.string().nullish(),
  labels: Labels.optional(),
  assignees: z.array(User.nullable()).nullish(),
  milestone: z.object({ title: z.string() }).nullish(),
  type: Named.nullish(),
  locked: z.boolean().optional(),
  active_lock_reason: z.string().nullish(),
  comments: z.number().int().min(0).max(2_147_483_647).optional(),
  html_url: z.string().max(2000),
  created_at: Instant,
  updated_at: Instant,
  closed_at: Instant.nullish(),
  /** Present on pull requests, which GitHub's API counts among the issues. */
  pull_request: z.unknown().optional(),
});
export type IssuePayload = z.infer<typeof IssuePayload>;

/** `issues`, `issue_comment`, and our own `snapshot` (a state that came without an event: import, sync). */
export const EventPayload = z.object({
  action: z.string().max(100),
  issue: IssuePayload,
  repository: RepositoryPayload,
  sender: User.nullish(),
  label: Named.nullish(),
  assignee: User.nullish(),
  milestone: z.object({ title: z.string() }).nullish(),
  type: Named.nullish(),
  changes: z.object({ title: From.nullish(), body: From.nullish() }).nullish(),
});
export type EventPayload = z.infer<typeof EventPayload>;

/** What ingress needs to place a payload in the log; the rest is the classifier's to judge. */
export const Envelope = z.object({
  action: z.string().max(100),
  issue: z.object({
    number: z.number().int().min(1).max(2_147_483_647),
    pull_request: z.unknown().optional(),
  }),
  repository: RepositoryPayload,
});
export type Envelope = z.infer<typeof Envelope>;
