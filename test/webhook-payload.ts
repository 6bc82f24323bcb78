import { createRequire } from 'node:module';

const examples: { name: string; examples: Record<string, unknown>[] }[] = createRequire(import.meta.url)(
  '@octokit/webhooks-examples/api.github.com/index.json',
);

/** GitHub's own example payloads of an event. */
export const githubExamples = (name: string): readonly Record<string, unknown>[] =>
  examples.find((each) => each.name === name)?.examples ?? [];

const opened = githubExamples('issues').find(
  (example) => example.action === 'opened' && !('changes' in example),
) as {
  issue: Record<string, unknown>;
  repository: { id: number; full_name: string };
};

export const repository = opened.repository;

/** GitHub's payload of an opened issue, with what a test wants to say over it. */
export function issuePayload(said: {
  readonly number: number;
  readonly title: string;
  readonly action?: string;
  readonly updatedAt?: string;
  readonly changes?: Record<string, unknown>;
}): Buffer {
  const { number, title, action = 'opened', updatedAt = '2026-03-01T12:00:00Z', changes } = said;
  const html_url = `https://github.com/${repository.full_name}/issues/${number}`;
  const issue = {
    ...opened.issue,
    number,
    title,
    html_url,
    created_at: '2026-03-01T12:00:00Z',
    updated_at: updatedAt,
  };
  return Buffer.from(JSON.stringify({ ...opened, action, issue, ...(changes ? { changes } : {}) }));
}
