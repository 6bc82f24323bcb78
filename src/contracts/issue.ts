import { z } from 'zod';

/** Where an issue came from first: a webhook, an import, or the samples of a first start. */
export const origins = ['github', 'import', 'sample'] as const;
export const Origin = z.enum(origins);
export type Origin = z.infer<typeof Origin>;

/** An issue is (GitHub repository id, number); names are attributes. */
export interface IssueKey {
  readonly repositoryId: number;
  readonly number: number;
}

/** The key of every keyed topic: `<repository id>#<number>`. */
export const formatKey = (key: IssueKey): string => `${key.repositoryId}#${key.number}`;

/** Reads a topic key back, or null when it is not one. */
export function parseKey(text: string): IssueKey | null {
  const match = /^(-?\d{1,16})#(\d{1,10})$/.exec(text);
  return match ? { repositoryId: Number(match[1]), number: Number(match[2]) } : null;
}

/** What GitHub says about an issue; the fold of its stored events. Times are ISO 8601 in UTC. */
export const IssueState = z.object({
  repository: z.string(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  stateReason: z.string().nullable(),
  /** Login; null for a deleted account. */
  author: z.string().nullable(),
  authorAssociation: z.string().nullable(),
  labels: z.array(z.string()),
  assignees: z.array(z.string()),
  milestone: z.string().nullable(),
  /** GitHub's issue type (`Bug`, `Task` …), where an organisation uses them. */
  issueType: z.string().nullable(),
  locked: z.boolean(),
  lockReason: z.string().nullable(),
  pinned: z.boolean(),
  comments: z.number().int(),
  url: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullable(),
});
export type IssueState = z.infer<typeof IssueState>;
