import {
  commentPayload,
  issuePayload,
  labelPayload,
  repositoryPayload,
  type SampleState,
  userPayload,
} from './build-payload.ts';
import type { SampleFollowUp, SampleIssue, SampleProject, SampleRepository } from './sample.ts';

/** A webhook that GitHub could have sent. */
export interface SampleDelivery {
  /** The same for the same event however often the samples are built, so that sending again is a redelivery. */
  readonly deliveryId: string;
  readonly event: 'issues' | 'issue_comment';
  readonly body: Buffer;
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
}

const minute = 60_000;

/** The events of all samples in the order in which they happened, the last of them before `now`. */
export function buildDeliveries(projects: readonly SampleProject[], now: number): readonly SampleDelivery[] {
  return projects
    .flatMap(({ repository, issues }) => issues.flatMap((issue) => historyOf(repository, issue, now)))
    .sort((a, b) => a.at - b.at);
}

function historyOf(repository: SampleRepository, issue: SampleIssue, now: number): SampleDelivery[] {
  const createdAt = now - issue.age * minute;
  let state: SampleState = {
    title: issue.title,
    body: issue.body,
    state: 'open',
    stateReason: null,
    labels: issue.labels ?? [],
    assignees: [],
    comments: 0,
    updatedAt: createdAt,
    closedAt: null,
  };
  const deliver = (event: SampleDelivery['event'], index: number, action: string, more: object) => ({
    deliveryId: `sample-${repository.name}-${issue.number}-${index}-${action}`,
    event,
    at: state.updatedAt,
    body: Buffer.from(
      JSON.stringify({
        action,
        issue: issuePayload(repository, issue, state, createdAt),
        ...more,
        repository: repositoryPayload(repository),
      }),
    ),
  });
  const opened = deliver('issues', 0, 'opened', { sender: userPayload(issue.author) });
  const later = (issue.later ?? []).map((followUp, index) => {
    const before = state;
    state = afterwards(before, followUp, createdAt + followUp.after * minute);
    const { event, action, more } = describe(before, followUp, state.updatedAt);
    return deliver(event, index + 1, action, { ...more, sender: userPayload(followUp.by) });
  });
  return [opened, ...later];
}

function afterwards(state: SampleState, followUp: SampleFollowUp, at: number): SampleState {
  const next = { ...state, updatedAt: at };
  switch (followUp.what) {
    case 'commented':
      return { ...next, comments: state.comments + 1 };
    case 'edited':
      return { ...next, title: followUp.title ?? state.title, body: followUp.body ?? state.body };
    case 'labeled':
      return { ...next, labels: [...state.labels, followUp.label] };
    case 'assigned':
      return { ...next, assignees: [...state.assignees, followUp.to] };
    case 'closed':
      return { ...next, state: 'closed', stateReason: followUp.reason, closedAt: at };
    case 'reopened':
      return { ...next, state: 'open', stateReason: 'reopened', closedAt: null };
  }
}

interface Description {
  readonly event: SampleDelivery['event'];
  readonly action: string;
  readonly more: object;
}

function describe(before: SampleState, followUp: SampleFollowUp, at: number): Description {
  switch (followUp.what) {
    case 'commented': {
      const comment = commentPayload(followUp.by, followUp.text, at);
      return { event: 'issue_comment', action: 'created', more: { comment } };
    }
    case 'edited': {
      const changes = {
        ...(followUp.title === undefined ? {} : { title: { from: before.title } }),
        ...(followUp.body === undefined ? {} : { body: { from: before.body } }),
      };
      return { event: 'issues', action: 'edited', more: { changes } };
    }
    case 'labeled':
      return { event: 'issues', action: 'labeled', more: { label: labelPayload(followUp.label) } };
    case 'assigned':
      return { event: 'issues', action: 'assigned', more: { assignee: userPayload(followUp.to) } };
    default:
      return { event: 'issues', action: followUp.what, more: {} };
  }
}
