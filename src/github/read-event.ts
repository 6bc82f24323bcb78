import type { IssueState } from '../contracts/issue.ts';
import type { RawHeaders } from '../contracts/topics.ts';
import { EventPayload, type IssuePayload } from '../contracts/webhook-events.ts';
import { sortedSet } from '../domain/fold-second.ts';
import { instant } from '../domain/instant.ts';
import type { Change, CommentsGuard, IssueEvent, Rank } from '../domain/issue-event.ts';
import { storableText } from '../domain/storable-text.ts';

/** A record of `issues.raw` as an event, or the reason why it can never become one: the event's own fault. */
export type ReadEvent =
  | { readonly kind: 'event'; readonly event: IssueEvent }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads a payload's untouched bytes. Text is made storable here, once, so that comparisons see what is stored. */
export function readEvent(headers: RawHeaders, value: Uint8Array): ReadEvent {
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(value));
  } catch (error) {
    return {
      kind: 'unreadable',
      reason: `not JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const parsed = EventPayload.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return {
      kind: 'unreadable',
      reason: `${issue?.path.join('.') ?? 'payload'}: ${issue?.message ?? 'invalid'}`,
    };
  }
  return { kind: 'event', event: toEvent(headers, parsed.data) };
}

const decoder = new TextDecoder();

function toEvent(headers: RawHeaders, payload: EventPayload): IssueEvent {
  const { issue, repository, action } = payload;
  const complete = issue.state !== undefined && issue.labels !== undefined;
  // A payload without state and labels must not replace a whole one: it counts as old as the issue itself.
  const second = wholeSecond(complete ? issue.updated_at : issue.created_at);
  return {
    key: { repositoryId: repository.id, number: issue.number },
    deliveryId: headers['delivery-id'],
    event: headers.event,
    action,
    second,
    rank: rankOf(headers.event, action),
    receivedAt: Number(headers['received-at']),
    origin: headers.origin,
    actor: text(payload.sender?.login),
    state: toState(repository.full_name, issue, second),
    complete,
    change: changeOf(headers.event, payload),
    comments: commentsOf(headers.event, action, issue, second),
  };
}

function toState(repository: string, issue: IssuePayload, second: number): IssueState {
  return {
    repository: storableText(repository),
    title: storableText(issue.title),
    body: text(issue.body),
    state: issue.state ?? 'open',
    stateReason: text(issue.state_reason),
    author: text(issue.user?.login),
    authorAssociation: text(issue.author_association),
    labels: sortedSet((issue.labels ?? []).map((label) => storableText(label.name))),
    assignees: sortedSet((issue.assignees ?? []).flatMap((user) => (user ? [storableText(user.login)] : []))),
    milestone: text(issue.milestone?.title),
    issueType: text(issue.type?.name),
    locked: issue.locked ?? false,
    lockReason: text(issue.active_lock_reason),
    pinned: false,
    comments: 0,
    url: storableText(issue.html_url),
    createdAt: instant(wholeSecond(issue.created_at)),
    updatedAt: instant(second),
    closedAt: issue.closed_at ? instant(wholeSecond(issue.closed_at)) : null,
  };
}

function rankOf(event: RawHeaders['event'], action: string): Rank {
  if (event === 'snapshot') return 0;
  return event === 'issues' && action === 'opened' ? 1 : 2;
}

function changeOf(event: RawHeaders['event'], payload: EventPayload): Change {
  if (event !== 'issues') return { field: 'none' };
  switch (payload.action) {
    case 'closed':
    case 'reopened':
      return { field: 'state' };
    case 'edited':
      return editOf(payload);
    case 'labeled':
    case 'unlabeled':
      return { field: 'labels', name: text(payload.label?.name), added: payload.action === 'labeled' };
    case 'assigned':
    case 'unassigned':
      return {
        field: 'assignees',
        name: text(payload.assignee?.login),
        added: payload.action === 'assigned',
      };
    case 'milestoned':
    case 'demilestoned':
      return { field: 'milestone' };
    case 'typed':
    case 'untyped':
      return { field: 'issueType' };
    case 'locked':
    case 'unlocked':
      return { field: 'lock' };
    case 'pinned':
    case 'unpinned':
      return { field: 'pin', pinned: payload.action === 'pinned' };
    case 'deleted':
      return { field: 'deletion', reason: 'github-deleted' };
    case 'transferred':
      return { field: 'deletion', reason: 'github-transferred' };
    default:
      return { field: 'none' };
  }
}

function editOf({ changes }: EventPayload): Change {
  return {
    field: 'text',
    ...(changes?.title ? { titleFrom: storableText(changes.title.from ?? '') } : {}),
    ...(changes?.body ? { bodyFrom: storableText(changes.body.from ?? '') } : {}),
  };
}

/**
 * GitHub builds a comment event's payload before it counts the comment: its own examples carry 0 with the first
 * comment created and 1 with the only one deleted. (`@octokit/webhooks-examples`, `issue_comment`)
 */
function commentsOf(
  event: RawHeaders['event'],
  action: string,
  issue: IssuePayload,
  second: number,
): CommentsGuard {
  const count = issue.comments;
  // Older than anything said: a payload that leaves the count out says nothing about it.
  if (count === undefined) return [0, 0, 0];
  if (event !== 'issue_comment') return [second, 0, count];
  if (action === 'deleted') return [second, 2, Math.max(0, count - 1)];
  return [second, 1, action === 'created' ? count + 1 : count];
}

const text = (value: string | null | undefined): string | null =>
  value == null ? null : storableText(value);

const wholeSecond = (time: string): number => Math.floor(Date.parse(time) / 1000) * 1000;
