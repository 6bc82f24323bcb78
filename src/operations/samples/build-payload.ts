import type { SampleIssue, SampleRepository } from './sample.ts';

/** An issue's state between two events. Times are milliseconds since 1970. */
export interface SampleState {
  readonly title: string;
  readonly body: string | null;
  readonly state: 'open' | 'closed';
  readonly stateReason: 'completed' | 'not_planned' | 'reopened' | null;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly comments: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
}

/** `.invalid` never resolves: no page of somebody else's stands behind a sample's link. (RFC 2606) */
const site = 'https://github.invalid';

/** GitHub's times have whole seconds. */
const time = (ms: number): string =>
  new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');

export const userPayload = (login: string) => ({
  login,
  type: 'User',
  html_url: `${site}/${login}`,
  site_admin: false,
});

export const labelPayload = (name: string) => ({ name, color: 'ededed', default: false, description: null });

export function repositoryPayload({ id, owner, name, description, language }: SampleRepository) {
  const fullName = `${owner}/${name}`;
  return {
    id,
    name,
    full_name: fullName,
    private: false,
    owner: { ...userPayload(owner), type: 'Organization' },
    html_url: `${site}/${fullName}`,
    description,
    language,
    fork: false,
    default_branch: 'main',
  };
}

export function issuePayload(
  repository: SampleRepository,
  sample: SampleIssue,
  state: SampleState,
  createdAt: number,
) {
  const url = `${site}/${repository.owner}/${repository.name}/issues/${sample.number}`;
  return {
    html_url: url,
    number: sample.number,
    title: state.title,
    user: userPayload(sample.author),
    author_association: sample.association ?? 'NONE',
    labels: state.labels.map(labelPayload),
    state: state.state,
    state_reason: state.stateReason,
    locked: false,
    active_lock_reason: null,
    assignee: state.assignees[0] === undefined ? null : userPayload(state.assignees[0]),
    assignees: state.assignees.map(userPayload),
    milestone: null,
    comments: state.comments,
    created_at: time(createdAt),
    updated_at: time(state.updatedAt),
    closed_at: state.closedAt === null ? null : time(state.closedAt),
    body: state.body,
  };
}

export const commentPayload = (by: string, text: string, at: number) => ({
  user: userPayload(by),
  created_at: time(at),
  updated_at: time(at),
  author_association: 'NONE',
  body: text,
});
