import { createRequire } from 'node:module';

/** One of GitHub's own `issues` payloads; what varies from issue to issue is set over it. */
const template = (() => {
  const all: { name: string; examples: Record<string, unknown>[] }[] = createRequire(import.meta.url)(
    '@octokit/webhooks-examples/api.github.com/index.json',
  );
  const found = all
    .find(({ name }) => name === 'issues')
    ?.examples.find((example) => example.action === 'opened' && !('changes' in example));
  if (!found) throw new Error('the examples have no opened issue');
  return found as { issue: Record<string, unknown>; repository: Record<string, unknown> };
})();

const words =
  'crash error when the server starts after update please add option support for windows linux build fails with stack trace expected actual behaviour docs example question how can I configure memory leak slow response undefined is not a function null pointer exception feature request would be nice to have button dialog scroll keyboard focus theme'.split(
    ' ',
  );

/** A reproducible stream of numbers below `limit`. */
function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

export interface BenchIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

/** The n-th issue: a title and about 2 KB of body, always the same for the same n. */
export function benchIssue(n: number): BenchIssue {
  const next = numbers(n * 2_654_435_761 + 97);
  const sentence = (length: number) => Array.from({ length }, () => words[next(words.length)]).join(' ');
  const paragraphs = Array.from({ length: 7 }, () => `${sentence(22)}.\n\n\`\`\`\n${sentence(16)}\n\`\`\`\n`);
  return {
    number: n,
    title: `${sentence(7)} ${n}`,
    body: `### Steps to reproduce\n\n${paragraphs.join('\n')}`,
  };
}

/** A webhook of about 12 KB that opens the n-th issue, updated at `at` (ms). */
export function benchPayload(n: number, at: number): Buffer {
  const { number, title, body } = benchIssue(n);
  const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const html_url = `https://github.com/octo/harbor/issues/${number}`;
  return Buffer.from(
    JSON.stringify({
      ...template,
      issue: { ...template.issue, number, title, body, html_url, created_at: time, updated_at: time },
    }),
  );
}

export const benchRepositoryId = template.repository.id as number;
